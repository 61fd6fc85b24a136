package blackhole.itest.node;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a node's {@code /metrics} has answered, as text. */
record Scrape(String text) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static Scrape of(int port) throws IOException, InterruptedException {
    return new Scrape(get("http://127.0.0.1:" + port + "/metrics"));
  }

  static String get(String url) throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /**
   * What {@code promtool check metrics} says of it.
   *
   * @param folder for a file
   */
  CommandResult promtool(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("metrics.txt"), text);
    return Commands.run(List.of("sh", "-c", "exec promtool check metrics < '" + file + "'"));
  }

  /** Whether the orchestrator, and a process of each of these, have told all that they tell. */
  boolean hasAnswersOf(Collection<String> services) {
    return !values("process_pid", "service=\"orchestrator\"").isEmpty()
        && services.stream()
            .map(service -> "service=\"" + service + "\"")
            .allMatch(
                service ->
                    sum("blackhole_instance_metrics_answered", service) == 1
                        && !values("process_open_fds", service).isEmpty());
  }

  private Stream<String> lines() {
    return text.lines();
  }

  /** The metrics, as their types name them. */
  Set<String> families() {
    return lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ")[2])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names that a query may have: with {@code _bucket}, {@code _count} and {@code _sum}. */
  Set<String> names() {
    return lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[ {]")[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The values of all series of this name that have these labels, as {@code x="y"}. */
  List<Double> values(String name, String... labels) {
    return lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  double sum(String name, String... labels) {
    return values(name, labels).stream().mapToDouble(Double::doubleValue).sum();
  }
}
