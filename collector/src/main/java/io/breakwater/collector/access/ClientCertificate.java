package io.breakwater.collector.access;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The names in the certificate that a client has shown and the handshake has verified. */
final class ClientCertificate {
  private static final int DNS_NAME = 2;
  private static final int URI = 6;

  private ClientCertificate() {}

  /** Common name, DNS names and URIs; none when the client has shown no certificate. */
  static Set<String> names(@Nullable SSLSession session) {
    if (session == null) {
      return Set.of();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? names(certificate)
          : Set.of();
    } catch (SSLPeerUnverifiedException e) {
      return Set.of(); // TLS without a client certificate
    }
  }

  static Set<String> names(X509Certificate certificate) {
    Set<String> names = new LinkedHashSet<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          int type = (Integer) alternative.get(0);
          if (type == DNS_NAME || type == URI) {
            names.add(String.valueOf(alternative.get(1)));
          }
        }
      }
    } catch (InvalidNameException | CertificateParsingException e) {
      return Set.of(); // a name that cannot be read is nobody's name
    }
    return names;
  }
}
