package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.kit.VersionServer;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The configuration that docs/backends.md offers is one that works. */
class DocumentedConfigurationTest {
  private static final Path PAGE = Path.of("../../../docs/backends.md");

  @Test
  void configuration_startsAndItsTrafficMoves() throws Exception {
    try (VersionServer one = new VersionServer("");
        VersionServer two = new VersionServer("");
        HaproxyProcess haproxy = HaproxyProcess.documented(page(), one.port(), two.port())) {
      HaproxyBackend backend =
          new HaproxyBackend(HaproxySettings.of(BackendSettings.of("credit", haproxy.settings())));
      assertThat(versionsAnswering(haproxy)).containsExactlyInAnyOrder("1", "2");
      Plan plan =
          backend.plan(new TrafficShift("d.1", "d", "credit", "2", "1", 0), backend.describe());
      backend.apply(plan);
      assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
      assertThat(versionsAnswering(haproxy)).containsExactly("1");
    }
  }

  private static String page() throws IOException {
    String text = Files.readString(PAGE);
    int start = text.indexOf("```haproxy\n") + "```haproxy\n".length();
    return text.substring(start, text.indexOf("```", start));
  }

  private static Set<String> versionsAnswering(HaproxyProcess haproxy) throws IOException {
    Set<String> versions = new HashSet<>();
    URI uri = URI.create("http://127.0.0.1:" + haproxy.port() + "/v2/models/credit/infer");
    for (int i = 0; i < 20; i++) {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      assertThat(connection.getResponseCode()).isEqualTo(200);
      versions.add(connection.getHeaderField("X-Model-Version"));
    }
    return versions;
  }
}
