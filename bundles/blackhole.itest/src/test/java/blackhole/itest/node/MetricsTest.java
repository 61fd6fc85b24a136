package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.itest.Repository;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node's metrics: what is served, against what the documentation, the alerts and the dashboard
 * name, and what becomes of it when a host hangs, dies, or somebody else has the port.
 */
class MetricsTest {
  private static final Path FILES = Repository.root().resolve("observability");
  private static final Path RULES = FILES.resolve("prometheus/blackhole.rules.yml");
  private static final Path DASHBOARD = FILES.resolve("grafana/blackhole.json");

  /** Those of the table that not every machine has, or not in the first minute. */
  private static final Set<String> NOT_ALWAYS =
      Set.of(
          "blackhole_instance_cpu_throttled_seconds_total",
          "blackhole_instance_oom_kills_total",
          "process_proportional_memory_bytes");

  /** The services' own, which their documentation names. */
  private static final Pattern OWN = Pattern.compile("events_(?!subscriber_).*");

  private static final Pattern NAME =
      Pattern.compile("\\b(blackhole|rpc|process|jvm|events)_[a-z0-9_]+");

  @TempDir static Path folder;
  private static TestNode node;
  private static CallBundles.Driver bus;
  private static int port;
  private static String doctorWithoutPort;
  private static String infoWithoutPort;
  private static JsonArray jsonWithoutPort;
  private static int published;

  @BeforeAll
  static void start() throws IOException {
    port = Ports.free(1).get(0);
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
      node =
          TestNode.start(
              """
              node: { metrics: { port: %d } }
              services:
                events: {}
                bus: { bundle: %s }
              """
                  .formatted(port, CallBundles.bus(folder)));
      Await.until(
          "doctor knows", TestNode.PATIENCE, () -> node.exec("bh:doctor").contains("metrics"));
      doctorWithoutPort = node.exec("bh:doctor");
      infoWithoutPort = node.exec("bh:info events");
      jsonWithoutPort = node.info("events").getAsJsonArray("node_warnings");
    }
    Await.until(
        "the port is taken over",
        TestNode.PATIENCE,
        () -> node.info("events").getAsJsonArray("node_warnings").isEmpty());
    bus = CallBundles.busOf(node);
    publish();
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  private static Scrape scrape() {
    return scrape("events", "bus");
  }

  /** A scrape in time for these to answer, which a busy machine does not give to all of them. */
  private static Scrape scrape(String... services) {
    return Await.value(
        "they answer a scrape",
        TestNode.PATIENCE,
        () -> {
          try {
            return Optional.of(Scrape.of(port))
                .filter(scrape -> scrape.hasAnswersOf(List.of(services)));
          } catch (IOException e) {
            return Optional.empty();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
          }
        });
  }

  private static void publish() {
    String id = "id-" + published++;
    Await.until(
        id + " is published",
        TestNode.PATIENCE,
        () -> !bus.call("events", Kind.APPEND, id).getAnswer().isEmpty());
  }

  @Test
  void aPortThatIsTakenIsAWarningUntilItIsFree() {
    assertThat(doctorWithoutPort).contains("cannot be served at 127.0.0.1:" + port);
    assertThat(infoWithoutPort).contains("node: metrics cannot be served at 127.0.0.1:" + port);
    assertThat(jsonWithoutPort).hasSize(1);
    assertThat(node.exec("bh:doctor")).doesNotContain("cannot be served");
    assertThat(node.info("events").getAsJsonArray("node_warnings")).isEmpty();
  }

  /** The table of the bundle's README, which names a metric in the first column of each row. */
  private static Set<String> documented() throws IOException {
    String readme =
        Files.readString(Repository.root().resolve("bundles/blackhole.observability/README.md"));
    return readme
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("`")[1])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theTableNamesWhatIsServedAndNothingElse() throws Exception {
    Set<String> served = scrape().families();
    served.removeIf(name -> OWN.matcher(name).matches());
    Set<String> documented = documented();
    assertThat(documented).containsAll(served);
    documented.removeAll(NOT_ALWAYS);
    assertThat(served).containsAll(documented);
  }

  @Test
  void tellsServicesMethodsAndReplicasApart() throws Exception {
    Scrape scrape = scrape();
    assertThat(
            scrape.sum(
                "rpc_server_duration_seconds_count",
                "service=\"events\"",
                "replica=\"1\"",
                "method=\"blackhole.events.v1.EventStream/PublishEvent\"",
                "code=\"OK\""))
        .isPositive();
    assertThat(
            scrape.sum(
                "rpc_client_duration_seconds_count",
                "service=\"bus\"",
                "peer_service=\"events\"",
                "code=\"OK\""))
        .isPositive();
    assertThat(scrape.values("process_pid", "service=\"events\""))
        .containsExactly((double) node.pid("events").orElseThrow());
    assertThat(scrape.values("process_pid", "service=\"orchestrator\"", "replica=\"0\""))
        .containsExactly((double) node.orchestrator());
    assertThat(scrape.values("events_published_total", "service=\"events\"").get(0)).isPositive();
    assertThat(scrape.values("events_subscriber_lag", "subscriber=\"without group\"")).hasSize(1);
  }

  @Test
  void alertsAndDashboardNameOnlyWhatIsServed() throws Exception {
    Set<String> used = names(queries(JsonParser.parseString(Files.readString(DASHBOARD))));
    assertThat(used).hasSizeGreaterThan(20);
    String rules =
        Files.readString(RULES)
            .lines()
            .filter(line -> !line.startsWith("#") && !line.contains("summary:"))
            .collect(Collectors.joining("\n"));
    used.addAll(names(List.of(rules)));
    assertThat(scrape().names()).containsAll(used);
  }

  private static Set<String> names(List<String> queries) {
    Set<String> names = new TreeSet<>();
    for (String query : queries) {
      // without labels, whose names and values may look like metrics
      Matcher matcher =
          NAME.matcher(
              query.replaceAll("\"[^\"]*\"", "").replaceAll("\\{[^}]*}|(by|on) \\([^)]*\\)", ""));
      while (matcher.find()) {
        names.add(matcher.group());
      }
    }
    return names;
  }

  private static List<String> queries(JsonElement dashboard) {
    List<String> queries = new ArrayList<>();
    for (JsonElement panel : dashboard.getAsJsonObject().getAsJsonArray("panels")) {
      JsonArray targets = panel.getAsJsonObject().getAsJsonArray("targets");
      if (targets != null) {
        targets.forEach(target -> queries.add(target.getAsJsonObject().get("expr").getAsString()));
      }
    }
    return queries;
  }

  @Test
  void promtoolHasNothingToSay() throws Exception {
    assumeTrue(Programs.has("promtool"), "no promtool on PATH (Debian: prometheus)");
    assertThat(scrape().promtool(folder)).isEqualTo(new CommandResult(0, "", ""));
    CommandResult rules = Commands.run(List.of("promtool", "check", "rules", RULES.toString()));
    assertThat(rules.exitCode()).as("%s", rules).isZero();
  }

  @Test
  void aHostThatHangsHoldsUpNothing() throws Exception {
    long pid = node.pid("events").orElseThrow();
    double counted = scrape().sum("rpc_server_duration_seconds_count", "service=\"events\"");
    TestNode.signal(pid, "STOP");
    try {
      Scrape scrape = scrape("bus");
      assertThat(scrape.values("blackhole_instance_metrics_answered", "service=\"events\""))
          .containsExactly(0.0);
      assertThat(scrape.values("blackhole_instance_metrics_answered", "service=\"bus\""))
          .containsExactly(1.0);
      assertThat(scrape.values("jvm_threads", "service=\"events\"")).isEmpty();
      assertThat(scrape.values("jvm_threads", "service=\"bus\"")).hasSize(1);
      assertThat(scrape.values("process_resident_memory_bytes", "service=\"events\"")).hasSize(1);
      assertThat(scrape.sum("rpc_server_duration_seconds_count", "service=\"events\""))
          .isGreaterThanOrEqualTo(counted);
    } finally {
      TestNode.signal(pid, "CONT");
    }
    assertThat(scrape("events").values("jvm_threads", "service=\"events\"")).hasSize(1);
    Await.until("it is healthy", TestNode.PATIENCE, () -> node.isHealthy("events"));
  }

  @Test
  void countersGoOnWhenAProcessDies() throws Exception {
    String publishes = "method=\"blackhole.events.v1.EventStream/PublishEvent\"";
    Scrape before = scrape();
    double calls = before.sum("rpc_server_duration_seconds_count", publishes);
    double exits = before.sum("blackhole_instance_exits_total", "service=\"events\"", "killed");
    double starts = before.sum("blackhole_instance_starts_total", "service=\"events\"");

    long old = node.kill("events");
    node.awaitReplaced("events", old, TestNode.PATIENCE);
    publish();
    Await.until(
        "the new process counts on",
        TestNode.PATIENCE,
        () -> scrape().sum("rpc_server_duration_seconds_count", publishes) > calls);
    Scrape after = scrape();
    assertThat(after.sum("blackhole_instance_exits_total", "service=\"events\"", "killed"))
        .isEqualTo(exits + 1);
    assertThat(after.sum("blackhole_instance_starts_total", "service=\"events\""))
        .isEqualTo(starts + 1);
  }

  @Test
  void prometheusScrapesIt() throws Exception {
    assumeTrue(Programs.has("prometheus"), "no prometheus on PATH (Debian: prometheus)");
    int listen = Ports.free(1).get(0);
    Path home = Files.createDirectories(folder.resolve("prometheus"));
    Files.copy(RULES, home.resolve(RULES.getFileName()));
    Files.writeString(
        home.resolve("prometheus.yml"),
        Files.readString(FILES.resolve("prometheus/prometheus.yml"))
            .replace(":9464", ":" + port)
            .replace("15s", "1s\n  evaluation_interval: 1s"));
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + home.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + home.resolve("data"),
                "--web.listen-address=127.0.0.1:" + listen)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    Thread end = new Thread(prometheus::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      Await.until(
          "it has scraped the node",
          TestNode.PATIENCE,
          () -> query(listen, "up{job=\"blackhole\"} == 1").size() == 1);
      Await.until(
          "it has histograms of calls",
          TestNode.PATIENCE,
          () ->
              !query(listen, "histogram_quantile(0.99, rpc_server_duration_seconds_bucket)")
                  .isEmpty());
      Await.until(
          "it has evaluated the rules, without an error",
          TestNode.PATIENCE,
          () -> {
            String rules = Scrape.get("http://127.0.0.1:" + listen + "/api/v1/rules");
            return rules.contains("BlackholeBreakerOpen")
                && !rules.contains("\"health\":\"unknown\"")
                && !rules.contains("\"health\":\"err\"");
          });
    } finally {
      prometheus.destroyForcibly();
      assertThat(prometheus.waitFor(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static JsonArray query(int prometheus, String query) throws Exception {
    String answer =
        Scrape.get(
            "http://127.0.0.1:"
                + prometheus
                + "/api/v1/query?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    JsonObject data = JsonParser.parseString(answer).getAsJsonObject().getAsJsonObject("data");
    return data.getAsJsonArray("result");
  }
}
