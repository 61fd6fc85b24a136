package blackhole.itest.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Who is told of alerts: Debian's {@code prometheus-alertmanager} where it is on the PATH; else
 * what takes alerts as its API has it, and knows which of them hold.
 */
abstract class Alertmanager implements AutoCloseable {
  private static final String PROGRAM = "prometheus-alertmanager";

  /**
   * @param folder of its own
   */
  static Alertmanager start(Path folder) throws IOException {
    return Programs.has(PROGRAM) ? new Real(folder) : new StandIn();
  }

  abstract int port();

  /** The labels of the alerts that hold. */
  abstract List<JsonObject> active() throws Exception;

  @Override
  public abstract void close() throws InterruptedException;

  /** Whether it knows that this alert holds, and says what else it is told with it. */
  final boolean holds(String name, String service) throws Exception {
    return active().stream()
        .anyMatch(
            labels ->
                labels.get("alertname").getAsString().equals(name)
                    && labels.get("service").getAsString().equals(service)
                    && labels.get("severity").getAsString().equals("critical")
                    && labels.has("node"));
  }

  final String url() {
    return "http://127.0.0.1:" + port();
  }

  private static final class Real extends Alertmanager {
    private final int port = Ports.free(1).get(0);
    private final Process process;
    private final Thread end;

    Real(Path folder) throws IOException {
      Path configuration =
          Files.writeString(
              folder.resolve("alertmanager.yml"),
              "route: { receiver: nobody }\nreceivers: [ { name: nobody } ]\n");
      process =
          new ProcessBuilder(
                  PROGRAM,
                  "--config.file=" + configuration,
                  "--storage.path=" + folder.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port,
                  "--cluster.listen-address=")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      end = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(end);
      Await.until("Alertmanager is up", TestNode.PATIENCE, this::isUp);
    }

    private boolean isUp() {
      try {
        return !Scrape.get(url() + "/-/ready").isEmpty();
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    int port() {
      return port;
    }

    @Override
    List<JsonObject> active() throws Exception {
      List<JsonObject> labels = new ArrayList<>();
      for (JsonElement each :
          JsonParser.parseString(Scrape.get(url() + "/api/v2/alerts")).getAsJsonArray()) {
        labels.add(each.getAsJsonObject().getAsJsonObject("labels"));
      }
      return labels;
    }

    @Override
    public void close() throws InterruptedException {
      boolean unused = process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static final class StandIn extends Alertmanager {
    private final HttpServer server;
    private final Map<JsonObject, Instant> ends = new ConcurrentHashMap<>();

    StandIn() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/api/v2/alerts",
          exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            for (JsonElement each : JsonParser.parseString(body).getAsJsonArray()) {
              JsonObject alert = each.getAsJsonObject();
              ends.put(
                  alert.getAsJsonObject("labels"),
                  Instant.parse(alert.get("endsAt").getAsString()));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    @Override
    int port() {
      return server.getAddress().getPort();
    }

    @Override
    List<JsonObject> active() {
      Instant now = Instant.now();
      return ends.entrySet().stream()
          .filter(entry -> entry.getValue().isAfter(now))
          .map(Map.Entry::getKey)
          .toList();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
