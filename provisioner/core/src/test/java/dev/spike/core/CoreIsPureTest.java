package dev.spike.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.spike.core", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreIsPureTest {
  @ArchTest
  static final ArchRule coreKnowsNoNettyNoSocketNoProcessNoCloud =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..", "java.net..", "javax.net..", "software.amazon..", "io.lettuce..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.nio\\.channels\\..*(Socket|Datagram).*")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Process")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Runtime");

  @ArchTest
  static final ArchRule planningReadsNoClock =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..core.spec..",
              "..core.demand..",
              "..core.sales..",
              "..core.capacity..",
              "..core.catalog..",
              "..core.plan..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");
}
