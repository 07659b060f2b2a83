package io.breakwater.backend.webhook;

import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.SettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the target is and how it knows us.
 *
 * @param url where shifts are posted
 * @param read where shares are read back
 * @param signer null when requests are not signed
 * @param token bearer token, null when none is sent
 * @param addresses which addresses may be connected to
 */
record WebhookSettings(
    String model,
    URI url,
    URI read,
    @Nullable Signer signer,
    @Nullable String token,
    AddressRule addresses) {
  static WebhookSettings of(BackendSettings settings) {
    String url = settings.string("url");
    String read = settings.string("read", null);
    String secret = settings.string("secret", null);
    String token = settings.string("token", null);
    settings.rejectUnknown();
    return new WebhookSettings(
        settings.model(),
        address("url", url),
        read == null ? address("url", url) : address("read", read),
        secret == null ? null : signer(secret),
        token == null ? null : token(token),
        settings.addresses());
  }

  private static URI address(String path, String value) {
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      throw wrong(path, value + ", " + e.getReason());
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw wrong(path, value);
    }
    if (uri.getUserInfo() != null) {
      throw new SettingException(
          path, "holds a user name or password (expected: the setting 'token' for credentials)");
    }
    return uri;
  }

  private static SettingException wrong(String path, String value) {
    return new SettingException(path, value + " (expected: http://... or https://...)");
  }

  private static Signer signer(String secret) {
    try {
      return Signer.of(secret);
    } catch (IllegalArgumentException e) {
      throw new SettingException("secret", String.valueOf(e.getMessage()));
    }
  }

  private static String token(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new SettingException(
          "token", "is empty or has blanks or other than ASCII characters (expected: a token)");
    }
    return token;
  }
}
