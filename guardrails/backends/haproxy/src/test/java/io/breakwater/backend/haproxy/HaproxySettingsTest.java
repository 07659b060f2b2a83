package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.SettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HaproxySettingsTest {
  @Test
  void serversAreKnownByVersion() {
    HaproxySettings settings =
        settings(Map.of("servers", Map.of("1", "blue-1, blue-2", "2", "green")));
    assertThat(settings.versions()).isEqualTo(Map.of("blue-1", "1", "blue-2", "1", "green", "2"));
    assertThat(settings.serversByVersion()).isEqualTo(Map.of("1", "blue-1,blue-2", "2", "green"));
  }

  @Test
  void sockets_areUnixOrTcp() {
    assertThat(settings(Map.of("socket", "unix:/run/h.sock")).address())
        .isEqualTo(UnixDomainSocketAddress.of("/run/h.sock"));
    assertThat(settings(Map.of("socket", "tcp:127.0.0.1:9999")).address())
        .isEqualTo(new InetSocketAddress("127.0.0.1", 9999));
    assertThat(settings(Map.of("socket", "tcp:[::1]:9999")).address())
        .isEqualTo(new InetSocketAddress("::1", 9999));
  }

  static Stream<Arguments> wrong() {
    String socket = " (expected: unix:/absolute/path or tcp:host:port)";
    return Stream.of(
        Arguments.of("socket", "/run/h.sock", "socket", "socket: /run/h.sock" + socket),
        Arguments.of("socket", "unix:run/h.sock", "socket", "socket: unix:run/h.sock" + socket),
        Arguments.of("socket", "unix:/a\0b", "socket", socket),
        Arguments.of("socket", "tcp:localhost", "socket", "socket: tcp:localhost" + socket),
        Arguments.of("socket", "tcp::99", "socket", socket),
        Arguments.of("socket", "tcp:h:0", "socket", socket),
        Arguments.of("socket", "tcp:h:70000", "socket", socket),
        Arguments.of("backend", "a;shutdown", "backend", "backend: 'a;shutdown' (expected: a name"),
        Arguments.of("backend", List.of("a"), "backend", "backend: a list (expected: a text)"),
        Arguments.of("servers", "blue", "servers", "servers: a single value (expected: a map"),
        Arguments.of("servers", Map.of("1", "blue"), "servers", "at least two versions"),
        Arguments.of("servers", Map.of("1", "a b", "2", "c"), "servers.1", "servers.1: 'a b'"),
        Arguments.of("servers", Map.of("1", "a,", "2", "c"), "servers.1", "servers.1: ''"),
        Arguments.of(
            "servers", Map.of("1", "a,a", "2", "c"), "servers.1", "not already of version 1"),
        Arguments.of("server", "x", "server", "unknown setting (known: [backend, servers, socket"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void wrongSetting_isNamed(String key, Object value, String path, String message) {
    assertThatThrownBy(() -> settings(Map.of(key, value)))
        .isInstanceOfSatisfying(SettingException.class, e -> assertThat(e.path()).isEqualTo(path))
        .hasMessageContaining(message);
  }

  @Test
  void documentedSettings_areTheKnownOnes() throws IOException {
    String page = Files.readString(Path.of("../../../docs/backends.md"));
    String section = page.substring(page.indexOf("\n## haproxy\n"));
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

  private static HaproxySettings settings(Map<String, Object> changed) {
    Map<String, Object> values =
        new HashMap<>(
            Map.of(
                "type",
                "haproxy",
                "socket",
                "unix:/run/haproxy/admin.sock",
                "backend",
                "scoring",
                "servers",
                Map.of("1", "blue", "2", "green")));
    values.putAll(changed);
    return HaproxySettings.of(BackendSettings.of("credit", values));
  }
}
