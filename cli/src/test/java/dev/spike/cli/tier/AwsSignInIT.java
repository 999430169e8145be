package dev.spike.cli.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spike.aws.emulator.MotoServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A person's profile that signs in through IAM Identity Center, as {@code aws sso login} does. */
class AwsSignInIT {
  private static final String SESSION = "corp";
  private static final String TOKEN = "bearer-token-of-the-person";
  private static final String OF_SOMEONE_WHO_LEFT = "token-of-someone-who-left";
  private static final String RENEWABLE = "refresh-token-that-is-taken";
  private static final String SPENT = "refresh-token-that-is-spent";
  private static final Instant ENDED = Instant.now().minus(1, ChronoUnit.HOURS);
  private static final Instant LATER = Instant.now().plus(1, ChronoUnit.HOURS);

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer portal;

  @BeforeEach
  void openThePortal() throws IOException {
    portal = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    portal.createContext("/federation/credentials", this::credentials);
    portal.createContext("/token", this::renewed);
    portal.start();
  }

  @AfterEach
  void closeThePortal() {
    portal.stop(0);
  }

  @Test
  void aProfileOfIdentityCenterIsSignedInWithTheTokenOfAwsSsoLogin() throws Exception {
    profile();
    signedIn(TOKEN, LATER, SPENT);
    SpikeOnAws.Ran ran = doctor("live");
    signedIn(OF_SOMEONE_WHO_LEFT, ENDED, RENEWABLE);
    SpikeOnAws.Ran renewed = doctor("live");

    assertThat(ran.exitCode()).as("%s", ran).isZero();
    assertThat(flat(ran)).contains("AWS account " + MotoServer.ACCOUNT + " as arn:");
    assertThat(renewed.exitCode()).as("%s", renewed).isZero();
    assertThat(asked).hasSize(2).containsOnly("role_name=Deploy&account_id=" + MotoServer.ACCOUNT);
    assertThat("" + ran + renewed).doesNotContain(TOKEN, RENEWABLE);
  }

  @Test
  void whoseSignInHasEndedIsToldHowToSignInAgainAndNoOtherIdentityIsTried() throws Exception {
    profile();
    SpikeOnAws.Ran never = doctor("live");
    signedIn(TOKEN, ENDED, SPENT);
    SpikeOnAws.Ran ended = doctor("live");
    Path token = signedIn(OF_SOMEONE_WHO_LEFT, LATER, SPENT);
    SpikeOnAws.Ran revoked = doctor("live");
    SpikeOnAws.Ran noPreflight =
        as("live").run("status", "--event", "any", "--provider", "aws", "--region", "us-east-1");
    Files.writeString(
        token,
        """
        {"startUrl": "https://corp.awsapps.example/start", "region": "us-east-1",
         "accessToken": "%s", "expiresAt": "%s"}
        """
            .formatted(TOKEN, ENDED.truncatedTo(ChronoUnit.SECONDS)));
    SpikeOnAws.Ran byAnOlderProgram = doctor("live");
    SpikeOnAws.Ran unknown = doctor("lvie");
    Files.writeString(
        folder.resolve(".aws/credentials"), "[half]\naws_secret_access_key = hidden\n");
    SpikeOnAws.Ran half = doctor("half");

    for (SpikeOnAws.Ran ran : List.of(never, ended, revoked, noPreflight, byAnOlderProgram)) {
      assertThat(ran.exitCode()).as("%s", ran).isEqualTo(77);
      assertThat(flat(ran))
          .containsOnlyOnce("the profile live, which AWS_PROFILE names, gives no credentials: ")
          .containsOnlyOnce("next: Sign in with: aws sso login --profile live");
      assertThat("" + ran).doesNotContain(TOKEN, OF_SOMEONE_WHO_LEFT, SPENT);
    }
    assertThat(unknown.exitCode()).as("%s", unknown).isEqualTo(77);
    assertThat(flat(unknown))
        .contains("the profile lvie, which AWS_PROFILE names, gives no credentials: neither")
        .doesNotContain("aws sso login");
    assertThat(half.exitCode()).as("%s", half).isEqualTo(77);
    assertThat(flat(half)).contains("the profile half").doesNotContain("hidden", "ProfileFile(");
  }

  @Test
  void aPortalThatDoesNotAnswerIsNoMatterOfSigningIn() throws Exception {
    profile();
    signedIn(TOKEN, LATER, SPENT);
    portal.stop(0);

    SpikeOnAws.Ran ran = doctor("live");

    assertThat(ran.exitCode()).as("%s", ran).isEqualTo(69);
    assertThat(flat(ran))
        .contains("the sign-in by profile did not reach AWS")
        .contains("Connection refused")
        .doesNotContain("aws sso login");
  }

  private SpikeOnAws.Ran doctor(String profile) throws Exception {
    return as(profile).run("doctor", "--provider", "aws", "--region", MotoServer.REGION);
  }

  private SpikeOnAws as(String profile) {
    String here = "http://127.0.0.1:" + portal.getAddress().getPort();
    return new SpikeOnAws(folder, AWS)
        .without("AWS_ACCESS_KEY_ID")
        .without("AWS_SECRET_ACCESS_KEY")
        .with("AWS_PROFILE", profile)
        .with("AWS_ENDPOINT_URL_SSO", here)
        .with("AWS_ENDPOINT_URL_SSO_OIDC", here);
  }

  private void profile() throws IOException {
    Files.createDirectories(folder.resolve(".aws"));
    Files.writeString(
        folder.resolve(".aws/config"),
        """
        [profile live]
        sso_session = %s
        sso_account_id = %s
        sso_role_name = Deploy

        [sso-session %s]
        sso_region = us-east-1
        sso_start_url = https://corp.awsapps.example/start
        """
            .formatted(SESSION, MotoServer.ACCOUNT, SESSION));
  }

  /** What {@code aws sso login} leaves: the token under the SHA-1 of the session's name. */
  private Path signedIn(String token, Instant until, String refresh) throws Exception {
    Path cache = Files.createDirectories(folder.resolve(".aws/sso/cache"));
    byte[] name = MessageDigest.getInstance("SHA-1").digest(SESSION.getBytes(UTF_8));
    return Files.writeString(
        cache.resolve(HexFormat.of().formatHex(name) + ".json"),
        """
        {"startUrl": "https://corp.awsapps.example/start", "region": "us-east-1",
         "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "2099-01-01T00:00:00Z",
         "refreshToken": "%s", "accessToken": "%s", "expiresAt": "%s"}
        """
            .formatted(refresh, token, until.truncatedTo(ChronoUnit.SECONDS)));
  }

  /** The portal gives a role's credentials for one token, and answers 401 to any other. */
  private void credentials(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().getQuery());
    if (TOKEN.equals(exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token"))) {
      answer(
          exchange,
          200,
          """
          {"roleCredentials": {"accessKeyId": "ASIAEXAMPLE000000000",
           "secretAccessKey": "s", "sessionToken": "t", "expiration": %d}}
          """
              .formatted(LATER.toEpochMilli()));
    } else {
      refuse(exchange, 401, "UnauthorizedException");
    }
  }

  /** Identity Center renews a token for one refresh token, and answers 400 to any other. */
  private void renewed(HttpExchange exchange) throws IOException {
    if (new String(exchange.getRequestBody().readAllBytes(), UTF_8).contains(RENEWABLE)) {
      answer(
          exchange,
          200,
          """
          {"accessToken": "%s", "expiresIn": 3600, "refreshToken": "%s", "tokenType": "Bearer"}
          """
              .formatted(TOKEN, RENEWABLE));
    } else {
      refuse(exchange, 400, "InvalidGrantException");
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().add("x-amzn-errortype", code);
    answer(exchange, status, "{\"message\": \"the session has ended\"}");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private static String flat(SpikeOnAws.Ran ran) {
    return (ran.stdout() + ran.stderr()).replaceAll("\\s+", " ");
  }
}
