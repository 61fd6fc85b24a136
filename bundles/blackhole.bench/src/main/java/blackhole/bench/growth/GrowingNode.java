package blackhole.bench.growth;

import blackhole.bench.Pause;
import blackhole.bench.Ports;
import blackhole.bench.ProcessCost;
import blackhole.bench.Samples;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node with so many small instances of a service, and with metrics. */
final class GrowingNode implements AutoCloseable {
  private static final String SERVICE = "echo";
  private static final Duration START_LIMIT = Duration.ofMinutes(15);
  private static final Pattern UP =
      Pattern.compile("The node is up after ([0-9.]+) s, (\\d+) of (\\d+) instances READY");
  private static final int SCRAPES = 11;
  private static final int CHANGES = 5;

  private final int instances;
  private final int port;
  private final TestNode node;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param service the jar of the measured service's bundle
   */
  GrowingNode(Path service, int instances) throws IOException {
    this.instances = instances;
    this.port = Ports.free();
    this.node =
        TestNode.builder()
            .yaml(
                """
                node: { metrics: { port: %d } }
                services:
                  %s:
                    bundle: "%s"
                    instances: %d
                    resource_limits: { max_memory: 192MB }
                supervisor: { warm_spares: 0, start_timeout: 10m }
                """
                    .formatted(port, SERVICE, service, instances))
            .create();
  }

  /** Runs it, and gives how long it took until all are READY, by its own word, in seconds. */
  double startSeconds() {
    node.run();
    return Await.value(instances + " instances are READY", START_LIMIT, () -> up(node.printed()));
  }

  private Optional<Double> up(String printed) {
    Matcher up = UP.matcher(printed);
    if (!up.find()) {
      return Optional.empty();
    }
    if (Integer.parseInt(up.group(2)) != instances) {
      throw new IllegalStateException("not all are READY:\n" + printed);
    }
    return Optional.of(Double.parseDouble(up.group(1)));
  }

  void awaitTrained() {
    node.awaitTrained();
  }

  /** What the orchestrator uses while nobody asks for anything. */
  ProcessCost idleCost(Duration settled, Duration measured) throws IOException {
    Pause.of(settled);
    return ProcessCost.over(node.orchestrator(), measured);
  }

  /** One scrape of the whole node, in milliseconds; the first one is not counted. */
  double scrapeMillis() throws IOException, InterruptedException {
    double[] millis = new double[SCRAPES - 1];
    for (int scrape = -1; scrape < millis.length; scrape++) {
      long began = System.nanoTime();
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || !answer.body().contains("blackhole")) {
        throw new IOException("no metrics: " + answer.statusCode());
      }
      if (scrape >= 0) {
        millis[scrape] = (System.nanoTime() - began) / 1e6;
      }
    }
    return new Samples(millis).median();
  }

  /**
   * From the command that stops an instance until it has ended, in milliseconds. It is not drained
   * before each host of the node has said that it calls it no more; then there is nothing to drain.
   */
  double withdrawalMillis() {
    double[] millis = new double[CHANGES];
    for (int change = 0; change < CHANGES; change++) {
      long began = System.nanoTime();
      String unused = node.exec("bh:stop " + SERVICE + "-1");
      millis[change] = (System.nanoTime() - began) / 1e6;
      unused = node.exec("bh:start " + SERVICE + "-1");
      node.awaitState(SERVICE, "READY");
    }
    return new Samples(millis).median();
  }

  @Override
  public void close() {
    node.close();
  }
}
