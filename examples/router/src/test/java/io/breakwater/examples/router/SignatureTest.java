package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The example of the Standard Webhooks specification, as its reference libraries test it. */
class SignatureTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long SECONDS = 1614265330;
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void published_example_isAccepted() throws Exception {
    assertThat(check(SECONDS, request(ID, SECONDS, SIGNATURE, BODY))).isEqualTo(ID);
  }

  @Test
  void oneMatchingSignatureOfSeveral_isEnough() throws Exception {
    String several = "v1,AAAA v2,BBBB v1,%%% " + SIGNATURE;
    assertThat(check(SECONDS, request(ID, SECONDS, several, BODY))).isEqualTo(ID);
  }

  @Test
  void anythingChanged_isRefused() {
    assertRefused(SECONDS, request("other", SECONDS, SIGNATURE, BODY), "does not match");
    assertRefused(SECONDS, request(ID, SECONDS + 1, SIGNATURE, BODY), "does not match");
    assertRefused(SECONDS, request(ID, SECONDS, SIGNATURE, BODY + " "), "does not match");
    assertRefused(SECONDS, request(ID, SECONDS, "v1,AAAA", BODY), "does not match");
  }

  @Test
  void oldOrFutureTimestamp_isRefused() throws Exception {
    assertThat(check(SECONDS + 300, request(ID, SECONDS, SIGNATURE, BODY))).isEqualTo(ID);
    assertRefused(SECONDS + 301, request(ID, SECONDS, SIGNATURE, BODY), "within 5 minutes");
    assertRefused(SECONDS - 301, request(ID, SECONDS, SIGNATURE, BODY), "within 5 minutes");
  }

  @Test
  void unsigned_isRefused() {
    assertRefused(SECONDS, "POST /traffic HTTP/1.1\r\n\r\n", "webhook-id: missing");
  }

  private static void assertRefused(long now, String request, String reason) {
    assertThatThrownBy(() -> check(now, request))
        .isInstanceOfSatisfying(HttpException.class, e -> assertThat(e.status()).isEqualTo(401))
        .hasMessageContaining(reason);
  }

  private static String check(long now, String request) throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC);
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    Request read =
        Request.read(
            new HttpInput(new ByteArrayInputStream(bytes)), OutputStream.nullOutputStream(), 1_000);
    return new Signature(SECRET, clock).check(read);
  }

  private static String request(String id, long seconds, String signature, String body) {
    return "POST /traffic HTTP/1.1\r\nwebhook-id: %s\r\nwebhook-timestamp: %d\r\n"
            .formatted(id, seconds)
        + "webhook-signature: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(signature, body.length(), body);
  }
}
