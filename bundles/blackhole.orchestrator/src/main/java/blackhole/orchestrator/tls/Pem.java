package blackhole.orchestrator.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text. */
public final class Pem {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /** What the TLS of gRPC takes. */
  private static final List<String> ALGORITHMS = List.of("EC", "RSA");

  private Pem() {}

  /**
   * The certificates in a file, at least one.
   *
   * @throws TlsFileException with what is wrong
   */
  public static List<X509Certificate> certificates(Path file) throws TlsFileException {
    String text = read(file);
    if (!text.contains("-----BEGIN CERTIFICATE-----")) {
      throw new TlsFileException(
          file, "holds no certificate, expected PEM with BEGIN CERTIFICATE in it");
    }
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new TlsFileException(file, "holds a certificate that can't be read: " + cause(e));
    }
  }

  /**
   * The key in a file.
   *
   * @throws TlsFileException with what is wrong
   */
  public static PrivateKey key(Path file) throws TlsFileException {
    Matcher block = BLOCK.matcher(read(file));
    while (block.find()) {
      String kind = block.group(1);
      if (kind.equals("PRIVATE KEY")) {
        return key(file, block.group(2));
      }
      if (kind.endsWith("PRIVATE KEY")) {
        throw new TlsFileException(
            file,
            "holds a key of the form "
                + kind
                + ", expected PKCS #8 without a password (openssl pkcs8 -topk8 -nocrypt turns it"
                + " into that)");
      }
    }
    throw new TlsFileException(file, "holds no key, expected PEM with BEGIN PRIVATE KEY in it");
  }

  private static PrivateKey key(Path file, String base64) throws TlsFileException {
    try {
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
          // then perhaps of the next kind
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsFileException(file, "holds a key that can't be read: " + cause(e));
    }
    throw new TlsFileException(file, "holds a key that can't be read, expected one of EC or RSA");
  }

  static String text(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("what was just made can be written", e);
    }
  }

  static String text(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  private static String block(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + BASE64.encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  private static String read(Path file) throws TlsFileException {
    try {
      if (Files.isDirectory(file)) {
        throw new TlsFileException(file, "is a directory, expected a PEM file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new TlsFileException(file, "is larger than 1MB, expected a PEM file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (TlsFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new TlsFileException(file, "does not exist, expected a PEM file");
    } catch (AccessDeniedException e) {
      throw new TlsFileException(file, "can't be read by this user, expected a readable PEM file");
    } catch (IOException e) {
      throw new TlsFileException(file, "can't be read: " + cause(e));
    }
  }

  private static String cause(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
