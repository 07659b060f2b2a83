package io.breakwater.backend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookSettingsTest {
  @Test
  void readBack_isTheSameAddressUnlessSaid() {
    assertThat(settings(Map.of()).read()).isEqualTo(settings(Map.of()).url());
    assertThat(settings(Map.of("read", "https://h/state?x=1")).read())
        .hasToString("https://h/state?x=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url    | ftp://host/x           | url: ftp://host/x (expected: http://... or https://...)",
        "url    | /traffic               | url: /traffic (expected: http://... or https://...)",
        "url    | http://a b/            | url: http://a b/, Illegal character",
        "url    | http://me:word@host/x  | url: holds a user name or password",
        "read   | host:80                | read: host:80 (expected: http://... or https://...)",
        "secret | whsec_%%               | secret: starts with whsec_ but is not base64",
        "token  | two words              | token: is empty or has blanks",
        "tokens | x                      | tokens: unknown setting (known: [read, secret, token, type, url])",
      })
  void wrongSetting_isNamed(String key, String value, String message) {
    assertThatThrownBy(() -> settings(Map.of(key, value)))
        .isInstanceOfSatisfying(SettingException.class, e -> assertThat(e.path()).isEqualTo(key))
        .hasMessageStartingWith(message);
  }

  @Test
  void documentedSettings_areTheKnownOnes() throws IOException {
    String page = Files.readString(Path.of("../../../docs/backends.md"));
    String section = page.substring(page.indexOf("\n## webhook\n"));
    Set<String> documented = new TreeSet<>(Set.of("type"));
    Matcher row =
        Pattern.compile("^\\| `([a-z]+)` \\|", Pattern.MULTILINE)
            .matcher(section.substring(0, section.indexOf("\n## ", 1)));
    while (row.find()) {
      documented.add(row.group(1));
    }
    assertThatThrownBy(() -> settings(Map.of("unknown", "x")))
        .hasMessage("unknown: unknown setting (known: " + documented + ")");
  }

  private static WebhookSettings settings(Map<String, Object> changed) {
    Map<String, Object> values = new HashMap<>(Map.of("type", "webhook", "url", "http://h/t"));
    values.putAll(changed);
    return WebhookSettings.of(BackendSettings.of("credit", values));
  }
}
