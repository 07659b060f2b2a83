package io.breakwater.backend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.WebClient;
import io.breakwater.backend.webhook.AddressGuard.ForbiddenAddressException;
import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "https://100.100.100.200/",
      })
  void metadataAddress_isNotConnectedTo(String url) {
    try (WebhookBackend backend =
        new WebhookBackend(
            WebhookSettings.of(BackendSettings.of("credit", Map.of("type", "webhook", "url", url))),
            Clock.systemUTC())) {
      assertThatThrownBy(backend::describe)
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("GET " + url)
          .hasMessageContaining("is a link-local or metadata address");
    }
  }

  /** The name is fine at first, and leads elsewhere once it was looked at. */
  @Test
  void nameThatIsReboundLater_isNotConnectedTo() throws Exception {
    try (StubDeployer deployer = new StubDeployer(Map.of("1", 1.0))) {
      int port = java.net.URI.create(deployer.url()).getPort();
      ClientFactoryBuilder builder =
          ClientFactory.builder()
              .addressResolverGroupFactory(
                  group -> new Rebinding(List.of("127.0.0.1", "169.254.169.254").iterator()));
      AddressGuard.addTo(builder, () -> AddressRule.STRICT);
      try (ClientFactory factory = builder.build()) {
        WebClient client = WebClient.builder().factory(factory).build();
        String url = "h1c://deployer.example:" + port + "/";
        var first = client.prepare().get(url).header("connection", "close").execute();
        assertThat(first.aggregate().join().status().code()).isEqualTo(200);

        assertThatThrownBy(() -> client.get(url).aggregate().join())
            .hasRootCauseInstanceOf(ForbiddenAddressException.class);
      }
    }
  }

  private static final class Rebinding extends AddressResolverGroup<InetSocketAddress> {
    private final Iterator<String> answers;

    Rebinding(Iterator<String> answers) {
      this.answers = answers;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
      return new AbstractAddressResolver<>(executor, InetSocketAddress.class) {
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
          return !address.isUnresolved();
        }

        @Override
        protected void doResolve(InetSocketAddress name, Promise<InetSocketAddress> promise)
            throws Exception {
          promise.setSuccess(
              new InetSocketAddress(InetAddress.getByName(answers.next()), name.getPort()));
        }

        @Override
        protected void doResolveAll(
            InetSocketAddress name, Promise<List<InetSocketAddress>> promise) throws Exception {
          promise.setSuccess(
              List.of(
                  new InetSocketAddress(InetAddress.getByName(answers.next()), name.getPort())));
        }
      };
    }
  }

  @Test
  void idWithOddCharacters_makesNoOtherHeader() {
    assertThat(HeaderText.of("20261121T022010.000Z-credit-2-8"))
        .isEqualTo("20261121T022010.000Z-credit-2-8");
    assertThat(HeaderText.of("a\r\nX: é%")).isEqualTo("a%0d%0aX:%20%c3%a9%25");
  }
}
