package blackhole.itest.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Where spans are sent to: Zipkin's own server, if {@code -Dzipkin.jar=FILE} says where its exec
 * jar is ({@code io.zipkin:zipkin-server:exec} of Maven Central, 130 MB that not every run has to
 * pay for); else what takes spans as its API has it, and gives them back.
 */
abstract class Zipkin implements AutoCloseable {
  static Zipkin start() throws IOException {
    Optional<String> jar = Optional.ofNullable(System.getProperty("zipkin.jar"));
    return jar.isPresent() ? new Real(Path.of(jar.get())) : new StandIn();
  }

  abstract int port();

  /** What it has of a trace, as JSON. */
  abstract JsonArray spans(String traceId);

  @Override
  public abstract void close() throws InterruptedException;

  final String endpoint() {
    return "http://127.0.0.1:" + port() + "/api/v2/spans";
  }

  /** The parent of each span that has one. */
  final Map<String, String> parents(String traceId) {
    Map<String, String> parents = new HashMap<>();
    for (JsonElement each : spans(traceId)) {
      JsonObject span = each.getAsJsonObject();
      if (span.has("parentId")) {
        parents.put(span.get("id").getAsString(), span.get("parentId").getAsString());
      }
    }
    return parents;
  }

  /** Whose spans it has of a trace. */
  final Set<String> services(String traceId) {
    Set<String> services = new TreeSet<>();
    for (JsonElement span : spans(traceId)) {
      services.add(
          span.getAsJsonObject().getAsJsonObject("localEndpoint").get("serviceName").getAsString());
    }
    return services;
  }

  private static final class Real extends Zipkin {
    private final int port = Ports.free(1).get(0);
    private final Process process;

    Real(Path jar) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-jar",
              jar.toAbsolutePath().toString());
      builder.environment().put("QUERY_PORT", Integer.toString(port));
      process =
          builder
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Await.until("Zipkin is up", TestNode.PATIENCE, () -> get("/health").isPresent());
    }

    @Override
    int port() {
      return port;
    }

    private Optional<String> get(String path) {
      try (InputStream in = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
        return Optional.of(new String(in.readAllBytes(), UTF_8));
      } catch (IOException e) {
        return Optional.empty(); // not up yet, or it has no such trace
      }
    }

    @Override
    JsonArray spans(String traceId) {
      return get("/api/v2/trace/" + traceId)
          .map(json -> JsonParser.parseString(json).getAsJsonArray())
          .orElseGet(JsonArray::new);
    }

    @Override
    public void close() throws InterruptedException {
      boolean unused = process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
  }

  private static final class StandIn extends Zipkin {
    private final HttpServer server;
    private final Map<String, JsonArray> traces = new ConcurrentHashMap<>();

    StandIn() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/api/v2/spans",
          exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            for (JsonElement each : JsonParser.parseString(body).getAsJsonArray()) {
              String trace = each.getAsJsonObject().get("traceId").getAsString();
              JsonArray more = spans(trace).deepCopy();
              more.add(each);
              traces.put(trace, more);
            }
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
          });
      server.start();
    }

    @Override
    int port() {
      return server.getAddress().getPort();
    }

    @Override
    JsonArray spans(String traceId) {
      return traces.getOrDefault(traceId, new JsonArray());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
