package dev.spike.aws;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The calls of AWS that compiled classes can make, as actions that a policy permits. */
final class SdkCalls {
  private static final Pattern CLIENT =
      Pattern.compile("software/amazon/awssdk/services/([a-z0-9]+)/\\w+Client");

  /** The service's name in a policy, where it is not that of the SDK. */
  private static final Map<String, String> SERVICES =
      Map.of("elasticloadbalancingv2", "elasticloadbalancing", "resourcegroupstaggingapi", "tag");

  /** Actions whose name in a policy is not that of the call; empty where none is needed. */
  private static final Map<String, String> IRREGULAR =
      Map.of(
          "s3:HeadBucket", "s3:ListBucket",
          "s3:HeadObject", "s3:GetObject",
          "s3:GetObjectAsBytes", "s3:GetObject",
          "s3:ListObjectsV2", "s3:ListBucket",
          "s3:ListBuckets", "s3:ListAllMyBuckets",
          "sts:GetCallerIdentity", "");

  private SdkCalls() {}

  /** Those in the class files below a folder. */
  static SortedSet<String> below(Path folder) throws IOException {
    SortedSet<String> actions = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        ClassModel parsed = ClassFile.of().parse(file);
        for (MethodModel method : parsed.methods()) {
          method.code().stream().flatMap(CodeElements::of).forEach(call -> add(actions, call));
        }
      }
    }
    return actions;
  }

  /** A call as a program's record names it, such as {@code tagging:GetResources}. */
  static String recorded(String call) {
    return named(call.replaceFirst("^tagging:", "tag:"));
  }

  private static void add(SortedSet<String> actions, InvokeInstruction call) {
    Matcher client = CLIENT.matcher(call.owner().asInternalName());
    String method = call.name().stringValue();
    if (!client.matches() || List.of("builder", "close").contains(method)) {
      return;
    }
    String service = SERVICES.getOrDefault(client.group(1), client.group(1));
    String plain = method.replaceFirst("Paginator$", "");
    String action =
        named(service + ":" + Character.toUpperCase(plain.charAt(0)) + plain.substring(1));
    if (!action.isEmpty()) {
      actions.add(action);
    }
  }

  private static String named(String action) {
    return IRREGULAR.getOrDefault(action, action);
  }

  /** The invocations among the elements of a method's code. */
  private static final class CodeElements {
    private CodeElements() {}

    static Stream<InvokeInstruction> of(java.lang.classfile.CodeModel code) {
      Stream.Builder<InvokeInstruction> calls = Stream.builder();
      for (CodeElement element : code) {
        if (element instanceof InvokeInstruction call) {
          calls.add(call);
        }
      }
      return calls.build();
    }
  }
}
