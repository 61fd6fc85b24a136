package blackhole.observability.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** One request to somebody who may be slow, or gone. Blocks for some seconds at most. */
public final class JsonPost {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 5_000;

  private JsonPost() {}

  /**
   * @throws IOException when it did not arrive, or was not taken
   */
  public static void send(URI to, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    // the JDK's other client keeps threads, which one request a second is not worth
    HttpURLConnection connection = (HttpURLConnection) to.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    if (status / 100 != 2) {
      connection.disconnect();
      throw new IOException("it answers with status " + status);
    }
    try (InputStream in = connection.getInputStream()) {
      // read to its end, so that the connection can be used again
      long unused = in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
