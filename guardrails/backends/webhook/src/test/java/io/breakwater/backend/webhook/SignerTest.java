package io.breakwater.backend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SignerTest {
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  /** The example that the Standard Webhooks reference libraries are tested with. */
  @Test
  void publishedExample_isReproduced() {
    assertThat(
            Signer.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void plainSecret_isItsUtf8Bytes() {
    String secret = "trümmer";
    String base64 = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    assertThat(Signer.of(secret).sign("a", 1, BODY))
        .isEqualTo(Signer.of("whsec_" + base64).sign("a", 1, BODY));
  }

  @Test
  void badSecret_isRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> Signer.of("whsec_%%%hidden"))
        .hasMessageContaining("not base64")
        .hasMessageNotContaining("hidden");
    assertThatThrownBy(() -> Signer.of("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> Signer.of("whsec_")).hasMessageContaining("empty");
  }
}
