package io.breakwater.collector.tls;

import org.jspecify.annotations.Nullable;

/** Certificates or a key cannot be used; names the file and what would be right. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsException(String message) {
    super(message);
  }

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
