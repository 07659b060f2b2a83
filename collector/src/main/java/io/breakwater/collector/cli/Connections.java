package io.breakwater.collector.cli;

import io.breakwater.collector.action.Backends;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tries what a guardrail file leads to, without changing or delivering anything: one line per
 * check.
 */
final class Connections {
  private static final int TIMEOUT_MILLIS = 3_000;

  /** Any threshold: it decides when a detector breaches, not whether it can see. */
  private static final double LN_THRESHOLD = 10;

  private final CollectorConfig config;
  private final PrintWriter out;
  private int exitCode = ExitCode.FINE;

  Connections(CollectorConfig config, PrintWriter out) {
    this.config = config;
    this.out = out;
  }

  /** Tries everything; returns the exit code that what was found leads to. */
  int check() {
    Backends backends = Backends.installed();
    for (ModelRule rule : config.models()) {
      Map<String, Object> settings = rule.backend();
      if (settings != null) {
        backend(rule, backends, settings);
      }
      ReferenceSet reference = rule.reference();
      if (reference != null) {
        reference(rule, reference);
      }
    }
    config.alerts().forEach(this::alert);
    return exitCode;
  }

  private void line(int code, String what, String found) {
    exitCode = Math.max(exitCode, code);
    out.println(config.security().secrets().hide(what + ": " + found));
  }

  private void backend(ModelRule rule, Backends backends, Map<String, Object> settings) {
    String what = "model " + rule.pattern() + ": backend " + settings.get("type");
    try (DeploymentBackend backend =
        backends.create(rule.pattern(), settings, config.security().outgoing())) {
      line(ExitCode.FINE, what, describe(backend.describe()));
    } catch (BackendException e) {
      line(ExitCode.UNREACHABLE, what, String.valueOf(e.getMessage()));
    }
  }

  private static String describe(TargetView view) {
    String shares =
        new TreeMap<>(view.shares())
            .entrySet().stream()
                .map(e -> e.getKey() + "=" + Texts.percent(e.getValue()))
                .collect(Collectors.joining(", "));
    return "traffic "
        + (shares.isEmpty() ? "none" : shares)
        + (view.ready().isEmpty()
            ? ""
            : "; ready " + String.join(", ", new TreeSet<>(view.ready())))
        + (view.managers().isEmpty()
            ? ""
            : "; also written by " + String.join(", ", view.managers()));
  }

  /** Which drift guardrails find in the reference what they judge. */
  private void reference(ModelRule rule, ReferenceSet reference) {
    String what = "model " + rule.pattern() + ": reference " + reference.source();
    for (Guardrail guardrail : rule.template().guardrails()) {
      if (guardrail instanceof Guardrail.Drift drift) {
        List<String> armed = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        reference
            .signals()
            .forEach(
                (signal, values) -> {
                  if (drift.covers(signal)) {
                    String objection = objection(values, drift.tolerance());
                    (objection.isEmpty() ? armed : blind).add(signal + objection);
                  }
                });
        String found =
            armed.isEmpty() && blind.isEmpty()
                ? "nothing to compare "
                    + drift.name()
                    + " with (expected: a reference of "
                    + drift.signal()
                    + ")"
                : drift.name()
                    + " armed for "
                    + (armed.isEmpty() ? "nothing" : String.join(", ", armed))
                    + (blind.isEmpty() ? "" : "; not for " + String.join(", ", blind));
        line(armed.isEmpty() || !blind.isEmpty() ? ExitCode.FINDING : ExitCode.FINE, what, found);
      }
    }
  }

  private static String objection(Reference reference, double tolerance) {
    if (reference.values().rows() < Reference.MIN_ROWS) {
      return " (" + reference.values().rows() + " rows; needed: " + Reference.MIN_ROWS + ")";
    }
    if (reference.panes() < Reference.MIN_PANES) {
      return " (" + reference.panes() + " panes; needed: " + Reference.MIN_PANES + ")";
    }
    DriftDetector detector =
        DriftDetector.of(reference, reference.values(), tolerance, LN_THRESHOLD);
    return detector.isArmed() ? "" : " (" + detector.blindness() + ")";
  }

  private void alert(AlertTarget target) {
    URI url =
        target instanceof AlertTarget.Webhook webhook
            ? webhook.url()
            : ((AlertTarget.Alertmanager) target).url();
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String what = "alert " + target.name() + ": " + url.getHost() + ":" + port;
    try {
      InetAddress address = InetAddress.getByName(url.getHost());
      String objection = config.security().outgoing().objection(address.getAddress());
      if (objection != null) {
        line(ExitCode.UNREACHABLE, what, address.getHostAddress() + " is " + objection);
        return;
      }
      connect(url.getHost(), address, port, tls);
      line(ExitCode.FINE, what, tls ? "connects, its certificate is trusted" : "connects");
    } catch (UnknownHostException e) {
      line(ExitCode.UNREACHABLE, what, "unknown host");
    } catch (IOException e) {
      line(ExitCode.UNREACHABLE, what, "cannot connect: " + e.getMessage());
    }
  }

  private static void connect(String host, InetAddress address, int port, boolean tls)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      if (tls) {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket secure = (SSLSocket) factory.createSocket(socket, host, port, true)) {
          SSLParameters parameters = secure.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          secure.setSSLParameters(parameters);
          secure.startHandshake();
        }
      }
    }
  }
}
