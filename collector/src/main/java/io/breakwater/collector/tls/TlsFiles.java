package io.breakwater.collector.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates and key are, as PEM.
 *
 * @param certificate the server's, first in the file, and those between it and a root
 * @param key the server's private key, PKCS #8
 * @param clientCa certificates of those who sign client certificates; null: clients show none
 * @param clientMust with {@code clientCa}: whether a client without a certificate is turned away
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientCa, boolean clientMust) {
  public TlsFiles {
    requireNonNull(certificate, "certificate");
    requireNonNull(key, "key");
  }
}
