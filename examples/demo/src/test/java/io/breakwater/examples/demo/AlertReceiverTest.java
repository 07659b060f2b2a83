package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class AlertReceiverTest {
  private static final String SECRET = "a-secret";
  private static final String BODY = "{\"type\":\"io.breakwater.breaker.tripped\"}";

  /** printf 'id-1.1700000000.%s' "$BODY" | openssl dgst -sha256 -hmac a-secret -binary | base64 */
  private static final String SIGNATURE = "v1,j7tBNxjdfWE2qYb7Z4b1CAUJemAEueI46f0vg+HxgYQ=";

  @Test
  void rightSignature_isAmongOthersFound() {
    assertThat(signed("id-1", "1700000000", "v1,AAAA " + SIGNATURE, BODY)).isTrue();
  }

  @Test
  void anyChange_isNoticed() {
    assertThat(signed("id-1", "1700000000", SIGNATURE, BODY)).isTrue();
    assertThat(signed("id-2", "1700000000", SIGNATURE, BODY)).isFalse();
    assertThat(signed("id-1", "1700000001", SIGNATURE, BODY)).isFalse();
    assertThat(signed("id-1", "1700000000", SIGNATURE, BODY + " ")).isFalse();
    assertThat(signed("id-1", "1700000000", null, BODY)).isFalse();
  }

  @Test
  void received_withAndWithoutSignature() throws Exception {
    try (AlertReceiver receiver = new AlertReceiver(SECRET)) {
      HttpClient http = HttpClient.newHttpClient();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(receiver.address()).POST(BodyPublishers.ofString(BODY));
      http.send(request.build(), BodyHandlers.discarding());
      request.header("webhook-id", "id-1").header("webhook-timestamp", "1700000000");
      http.send(request.header("webhook-signature", SIGNATURE).build(), BodyHandlers.discarding());

      assertThat(receiver.alerts())
          .extracting(AlertReceiver.Alert::signed)
          .containsExactly(false, true);
      assertThat(receiver.alerts())
          .extracting(AlertReceiver.Alert::type)
          .containsOnly("io.breakwater.breaker.tripped");
    }
  }

  private static boolean signed(String id, String timestamp, String signature, String body) {
    return AlertReceiver.signed(
        SECRET.getBytes(UTF_8), id, timestamp, signature, body.getBytes(UTF_8));
  }
}
