package io.breakwater.collector.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
  /** The example of the Standard Webhooks specification and its libraries. */
  @Test
  void signature_isTheOneOfTheSpecification() {
    WebhookSignature signature = new WebhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(signature.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void plainSecret_isItsUtf8Bytes() {
    // printf 'a.1.b' | openssl dgst -sha256 -hmac 'grün' -binary | base64
    assertThat(new WebhookSignature("grün").sign("a", 1, "b"))
        .isEqualTo("v1,CS+bS0i6NuKrf3qf7gSfNbLoVdg4encCE472V7TTYLs=");
  }

  @Test
  void secretThatIsNoBase64_isRefused() {
    assertThatThrownBy(() -> new WebhookSignature("whsec_***"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
