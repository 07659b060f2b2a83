package io.breakwater.collector.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for the server's ports. New connections get what the files hold now; files that cannot be
 * used are refused in the log, and what was there before stays. Safe for use by many threads.
 */
public final class ReloadingTls implements TlsProvider {
  private static final int LOOK_SECONDS = 10;
  private static final Logger log = LoggerFactory.getLogger(ReloadingTls.class);

  private final TlsFiles files;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private volatile TlsMaterial current;
  private @Nullable String refused;

  private ReloadingTls(TlsFiles files, Clock clock) throws TlsException {
    this.files = files;
    this.clock = clock;
    this.current = TlsMaterial.of(files, TlsMaterial.Raw.read(files), clock.instant());
    this.thread = Executors.newSingleThreadScheduledExecutor(ReloadingTls::daemon);
  }

  private static Thread daemon(Runnable work) {
    Thread made = new Thread(work, "breakwater-certificates");
    made.setDaemon(true);
    return made;
  }

  /**
   * Whether the files can be used now.
   *
   * @throws TlsException when they cannot
   */
  public static void check(TlsFiles files, Clock clock) throws TlsException {
    TlsMaterial unused = TlsMaterial.of(files, TlsMaterial.Raw.read(files), clock.instant());
  }

  /**
   * Reads the files, and looks at them every ten seconds from now on.
   *
   * @throws TlsException when they cannot be used
   */
  public static ReloadingTls watching(TlsFiles files, Clock clock) throws TlsException {
    ReloadingTls tls = new ReloadingTls(files, clock);
    ScheduledFuture<?> unused =
        tls.thread.scheduleWithFixedDelay(tls::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return tls;
  }

  /** Has a server speak TLS with these certificates. */
  public void addTo(ServerBuilder server) {
    ClientAuth clients =
        files.clientCa() == null
            ? ClientAuth.NONE
            : files.clientMust() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    server.tlsProvider(this, ServerTlsConfig.builder().clientAuth(clients).build());
  }

  /** Takes what the files hold now, if it is something else that can be used. */
  public synchronized void look() {
    String digest = null;
    try {
      TlsMaterial.Raw raw = TlsMaterial.Raw.read(files);
      digest = raw.digest();
      if (digest.equals(current.digest())) {
        refused = null;
        return;
      }
      current = TlsMaterial.of(files, raw, clock.instant());
      refused = null;
      log.info(
          "The certificate of {} is in force, valid until {}",
          files.certificate(),
          current.pair().certificateChain().get(0).getNotAfter().toInstant());
    } catch (TlsException e) {
      String kind = digest == null ? e.getMessage() : digest;
      if (kind != null && !kind.equals(refused)) {
        log.error("{}; the certificate before stays in force", e.getMessage());
        refused = kind;
      }
    } catch (RuntimeException e) {
      log.error("The certificates could not be looked at", e);
    }
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return current.pair();
  }

  @Override
  public @Nullable List<X509Certificate> trustedCertificates(String hostname) {
    List<X509Certificate> cas = current.clientCas();
    return cas.isEmpty() ? null : cas;
  }

  /** The server does not end this: several servers use it. */
  @Override
  public boolean autoClose() {
    return false;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
