package blackhole.observability.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Serves {@code /metrics} over HTTP. Thread-safe. */
final class MetricsServer implements AutoCloseable {
  static final String PATH = "/metrics";

  private static final Logger LOG = System.getLogger(MetricsServer.class.getName());

  /** One may hang at a client that does not read; more than a few readers there are not. */
  private static final int THREADS = 4;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int FAILED = 500;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, DaemonThreads.named("metrics-http"));
  private final Callable<Families> source;
  private final Exposition exposition;

  /**
   * @throws IOException when the address cannot be bound
   */
  MetricsServer(InetSocketAddress address, Callable<Families> source, Exposition exposition)
      throws IOException {
    this.source = source;
    this.exposition = exposition;
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        answer(exchange, NOT_FOUND, "The metrics of this node are at " + PATH + "\n");
      } else if (!exchange.getRequestMethod().matches("GET|HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, NOT_ALLOWED, "GET or HEAD\n");
      } else {
        metrics(exchange);
      }
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    ExpositionFormatWriter writer =
        exposition.writer(exchange.getRequestHeaders().getFirst("Accept"));
    // all of it, before a word is said: what fails halfway would look like a short answer
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean zipped = takesGzip(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
    try (OutputStream out = zipped ? new GZIPOutputStream(body) : body) {
      exposition.write(writer, source.call(), out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (Exception e) {
      LOG.log(Level.ERROR, "the metrics cannot be told", e);
      answer(exchange, FAILED, "the metrics cannot be told; see the node's log\n");
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
    if (zipped) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    }
    send(exchange, OK, body.toByteArray());
  }

  private static boolean takesGzip(@Nullable String encodings) {
    return encodings != null && encodings.contains("gzip");
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    send(exchange, code, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
