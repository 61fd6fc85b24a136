package blackhole.orchestrator.update;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Fetches bundles from where the configuration allows it, if their bytes are those that were asked
 * for. Blocks; thread-safe.
 */
final class BundleSources {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int READ_TIMEOUT_MILLIS = 30_000;
  private static final int CHUNK_BYTES = 64 << 10;

  /** A dot, a slash or its mirror image that only the server would see. */
  private static final Pattern HIDDEN = Pattern.compile("%(2e|2f|5c)", Pattern.CASE_INSENSITIVE);

  /**
   * What a download may take.
   *
   * @param bytes far above any bundle, and no reason for the orchestrator to run out of memory
   * @param time all updates of the node wait for it, and a server may send a byte now and then
   */
  record Bounds(int bytes, Duration time) {
    static final Bounds USUAL = new Bounds(64 << 20, Duration.ofMinutes(5));
  }

  private final List<String> allowed;
  private final Bounds bounds;

  /**
   * @param allowed what a URL has to begin with
   */
  BundleSources(List<String> allowed) {
    this(allowed, Bounds.USUAL);
  }

  BundleSources(List<String> allowed, Bounds bounds) {
    this.allowed = List.copyOf(allowed);
    this.bounds = bounds;
  }

  /**
   * The bytes at a URL.
   *
   * @param sha256 in hex, which they must have
   */
  byte[] fetch(String url, String sha256) throws Candidate.RefusedException {
    String expected = sha256.toLowerCase(Locale.ROOT);
    if (!SHA256.matcher(expected).matches()) {
      throw new Candidate.RefusedException(
          "'" + sha256 + "' is no SHA-256, expected 64 hexadecimal digits");
    }
    URI uri = allowed(url);
    byte[] bytes;
    try {
      bytes = get(uri);
    } catch (IOException | IllegalArgumentException e) {
      throw new Candidate.RefusedException(url + " cannot be fetched: " + e.getMessage());
    }
    String found = Candidate.sha256(bytes);
    if (!found.equals(expected)) {
      throw new Candidate.RefusedException(
          url + " has other bytes: their SHA-256 is " + found + ", expected " + expected);
    }
    return bytes;
  }

  private URI allowed(String url) throws Candidate.RefusedException {
    try {
      // so that no .. leads out of what is allowed
      URI uri = new URI(url).normalize();
      if (uri.getRawPath() != null && HIDDEN.matcher(uri.getRawPath()).find()) {
        throw new Candidate.RefusedException(
            url + " hides a dot or a slash behind a % in its path: write it as it is");
      }
      if (allowed.stream().anyMatch(uri.toString()::startsWith)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new Candidate.RefusedException("'" + url + "' is no URL: " + e.getReason());
    }
    throw new Candidate.RefusedException(
        url
            + " is a URL that node.bundle_sources does not allow"
            + (allowed.isEmpty() ? ": it has none; download it, and give the file" : ""));
  }

  private byte[] get(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      // another place is another URL, which nobody has allowed
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      connection.setReadTimeout(READ_TIMEOUT_MILLIS);
      int code = connection.getResponseCode();
      if (code != HttpURLConnection.HTTP_OK) {
        throw new IOException("the server answered " + code);
      }
      try (InputStream in = connection.getInputStream()) {
        return read(in);
      }
    } finally {
      connection.disconnect();
    }
  }

  private byte[] read(InputStream in) throws IOException {
    long end = System.nanoTime() + bounds.time().toNanos();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      read.write(chunk, 0, count);
      if (read.size() > bounds.bytes()) {
        throw new IOException("it has more than " + bounds.bytes() + " bytes");
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("it takes more than " + bounds.time().toSeconds() + " s");
      }
    }
    return read.toByteArray();
  }
}
