package blackhole.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Alerts.Alert;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.PastUsage.Figure;
import blackhole.api.supervision.PastUsage.Past;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.StateHistory.Event;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Updates;
import blackhole.shell.render.Json;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands without Gogo: words in, text out. */
class CommandsTest {
  private static final String[] PS_KEYS = {
    "service",
    "instance",
    "state",
    "health",
    "message",
    "pid",
    "uptime_seconds",
    "restarts",
    "last_restart",
    "last_exit",
    "socket",
    "port",
    "rss_bytes",
    "cpu_cores",
    "bundle_version"
  };

  private static final String[] TOP_KEYS = {
    "service",
    "instance",
    "pid",
    "rss_bytes",
    "pss_bytes",
    "memory_limit_bytes",
    "cpu_cores",
    "open_fds",
    "threads",
    "virtual_threads",
    "heap_used_bytes",
    "sampled_at"
  };

  @TempDir Path home;
  private TestNode node;

  @BeforeEach
  void startNode() {
    node = new TestNode(home);
  }

  @Test
  void psAsJsonHasEveryKeyInOrderAndNullForWhatIsUnknown() throws Exception {
    List<JsonObject> rows = Json.objects(run("ps", "--json"));

    assertThat(rows).hasSize(3);
    assertThat(rows).allSatisfy(row -> assertThat(row.keySet()).containsExactly(PS_KEYS));
    JsonObject identity = rows.get(0);
    assertThat(identity.get("state").getAsString()).isEqualTo("READY");
    assertThat(identity.get("health").getAsString()).isEqualTo("healthy");
    assertThat(identity.get("pid").getAsLong()).isEqualTo(4711);
    assertThat(identity.get("uptime_seconds").getAsLong()).isEqualTo(192);
    assertThat(identity.get("last_restart").getAsString()).isEqualTo("2026-03-04T05:06:06.500Z");
    assertThat(identity.get("rss_bytes").getAsLong()).isEqualTo(85983232);
    assertThat(identity.get("cpu_cores").getAsDouble()).isEqualTo(0.125);
    assertThat(rows.get(1).get("cpu_cores").isJsonNull()).isTrue();
    JsonObject failed = rows.get(2);
    assertThat(failed.get("state").getAsString()).isEqualTo("FAILED");
    assertThat(failed.get("pid").isJsonNull()).isTrue();
    assertThat(failed.get("last_exit").isJsonNull()).isTrue();
  }

  @Test
  void limitsSayWhatEnforcesThemOrWhyNothingDoes() throws Exception {
    assertThat(Json.objects(run("limits", "identity-2", "--json")))
        .map(JsonObject::toString)
        .containsExactly(
            "{\"service\":\"identity\",\"instance\":2,\"limit\":\"max_memory\",\"value\":\"256MB\","
                + "\"enforced\":true,\"how\":\"cgroup v2 memory.max\",\"reason\":null}",
            "{\"service\":\"identity\",\"instance\":2,\"limit\":\"io_priority\",\"value\":\"-5\","
                + "\"enforced\":false,\"how\":null,\"reason\":\"no ionice on PATH\"}");
    assertThat(Json.objects(run("limits", "identity", "--json"))).hasSize(4);
    assertThat(Json.objects(run("limits", "--json"))).hasSize(6);
  }

  @Test
  void reloadSaysWhatIsInForceAndWhatWaits() throws Exception {
    assertThat(run("reload"))
        .isEqualTo("identity: gets new processes\nnothing has changed in n.yaml\n");
    node.report =
        report(
            List.of(),
            new Reloading.Change(
                Optional.of("identity"),
                OptionalInt.of(2),
                "max_cpu",
                Optional.empty(),
                Optional.of("0.5"),
                Reloading.How.LIVE,
                Optional.of(true),
                "cgroup v2 cpu.max"),
            new Reloading.Change(
                Optional.empty(),
                OptionalInt.empty(),
                "node.id",
                Optional.of("a"),
                Optional.of("b"),
                Reloading.How.NODE_RESTART,
                Optional.of(false),
                ""));
    assertThat(Json.objects(run("reload", "--json")))
        .map(JsonObject::toString)
        .containsExactly(
            "{\"service\":\"identity\",\"instance\":2,\"key\":\"max_cpu\",\"before\":null,"
                + "\"after\":\"0.5\",\"how\":\"live\",\"applied\":true,"
                + "\"message\":\"cgroup v2 cpu.max\"}",
            "{\"service\":null,\"instance\":null,\"key\":\"node.id\",\"before\":\"a\","
                + "\"after\":\"b\",\"how\":\"needs a restart of the node\","
                + "\"applied\":false,\"message\":\"\"}");
    assertThat(run("reload"))
        .contains("warning: n.yaml:1:1 services: odd\n")
        .containsPattern("identity-2 +max_cpu +none +0.5 +live +yes +cgroup v2 cpu.max\n");
    assertThat(node.asked).contains("reload by shell").doesNotContain("preview");
  }

  private static Reloading.Report report(List<String> failures, Reloading.Change... changes) {
    return new Reloading.Report(
        "n.yaml", List.of(), List.of("n.yaml:1:1 services: odd"), List.of(changes), failures);
  }

  @Test
  void aPreviewOnlyShows() throws Exception {
    node.report =
        report(
            List.of(),
            new Reloading.Change(
                Optional.of("cache"),
                OptionalInt.empty(),
                "",
                Optional.of("configured"),
                Optional.empty(),
                Reloading.How.STOP,
                Optional.empty(),
                ""));
    assertThat(run("reload", "--dry-run")).containsPattern("cache +- +configured +none +stop");
    assertThat(
            Json.objects(run("reload", "--dry-run", "--json")).get(0).get("applied").isJsonNull())
        .isTrue();
    assertThat(node.asked).contains("preview").doesNotContain("reload by shell");
  }

  @Test
  void whatDidNotSucceedIsAnErrorAfterTheTable() {
    node.report = report(List.of("identity was not replaced"));
    assertThatThrownBy(() -> run("reload"))
        .isInstanceOf(CommandException.class)
        .hasMessage("not all of it is in force")
        .extracting(problem -> ((CommandException) problem).details())
        .isEqualTo(List.of("identity was not replaced"));
  }

  @Test
  void aRefusedFileIsShownWithAllItsErrors() {
    node.report =
        new Reloading.Report(
            "n.yaml", List.of("n.yaml:2:3 x: no"), List.of(), List.of(), List.of());
    assertThatThrownBy(() -> run("reload"))
        .isInstanceOf(CommandException.class)
        .hasMessage("n.yaml is refused, and nothing has changed")
        .extracting(problem -> ((CommandException) problem).details())
        .isEqualTo(List.of("n.yaml:2:3 x: no"));
  }

  @Test
  void anUpdateIsPartOfTheMessageAndNothingIsWrongWithIt() throws Exception {
    node.updating = List.of(new InstanceId("identity", 2));
    assertThat(Json.objects(run("ps", "--json")))
        .extracting(row -> row.get("message").getAsString())
        .containsExactly("", "updating", "ended too often");
    assertThat(run("info", "identity-2")).containsPattern("message +updating\n");
    assertThat(run("doctor")).doesNotContain("updating");
  }

  @Test
  void pressureIsPartOfTheMessage() throws Exception {
    node.pressure =
        List.of(
            new Pressure.Signal(new InstanceId("identity", 1), "memory pressure: 1", Instant.EPOCH),
            new Pressure.Signal(new InstanceId("cache-2", 1), "CPU pressure: 2", Instant.EPOCH));
    assertThat(Json.objects(run("ps", "--json")))
        .map(row -> row.get("message").getAsString())
        .containsExactly("memory pressure: 1", "", "ended too often; CPU pressure: 2");
    assertThat(run("info", "identity-1")).containsPattern("message +memory pressure: 1\n");
  }

  private static Alert alert(String name, Optional<String> service, Optional<Instant> resolved) {
    return new Alert(
        name,
        service,
        "subject",
        Alerts.Severity.CRITICAL,
        "what is wrong",
        "why",
        Instant.EPOCH,
        resolved,
        resolved.isPresent() ? Optional.empty() : Optional.of(Instant.EPOCH.plusSeconds(1)));
  }

  @Test
  void alertsSayWhatIsWrongWhereAndSinceWhen() throws Exception {
    assertThat(run("alerts")).isEqualTo("there is no alert\n");
    assertThat(run("alerts", "--json")).isEqualTo("[]\n");
    node.alerts.all.add(alert("failed", Optional.of("storage"), Optional.empty()));
    node.alerts.all.add(alert("disk_full", Optional.empty(), Optional.of(Instant.EPOCH)));
    assertThat(Json.objects(run("alerts", "--json")))
        .map(JsonObject::toString)
        .containsExactly(
            "{\"service\":\"storage\",\"severity\":\"critical\",\"name\":\"failed\","
                + "\"message\":\"what is wrong\",\"reason\":\"why\","
                + "\"since\":\"1970-01-01T00:00:00Z\",\"resolved\":null}",
            "{\"service\":null,\"severity\":\"critical\",\"name\":\"disk_full\","
                + "\"message\":\"what is wrong\",\"reason\":\"why\","
                + "\"since\":\"1970-01-01T00:00:00Z\",\"resolved\":\"1970-01-01T00:00:00Z\"}");
    assertThat(run("alerts", "storage").lines().toList().get(1))
        .matches("critical +failed +storage +1970\\S+ +- +1970\\S+ +what is wrong; why");
    assertThat(Json.objects(run("alerts", "storage", "--json"))).hasSize(1);
  }

  @Test
  void aSilenceTakesANameAndATime() throws Exception {
    node.alerts.all.add(alert("failed", Optional.of("storage"), Optional.empty()));
    assertThat(run("silence", "failed/storage", "2h"))
        .isEqualTo("failed/storage is silent for 2h 0m; holds now: what is wrong\n");
    assertThat(run("silence", "disk_full", "0s")).isEqualTo("disk_full is silent no more\n");
    assertThat(node.alerts.asked)
        .containsExactly("failed/storage PT2H shell", "disk_full PT0S shell");
    assertThatThrownBy(() -> run("silence", "faild", "1h"))
        .hasMessage("there is no alert 'faild'; did you mean 'failed'?");
    assertThatThrownBy(() -> run("silence", "failed", "soon")).hasMessageContaining("no duration");
  }

  @Test
  void limitsAsATable() throws Exception {
    List<String> lines = run("limits", "identity").lines().toList();
    assertThat(lines.get(1)).matches("identity-1 +max_memory +256MB +yes +cgroup v2 memory.max");
    assertThat(lines.get(2)).matches("identity-1 +io_priority +-5 +no +no ionice on PATH");
    assertThatThrownBy(() -> run("limits", "identty"))
        .isInstanceOf(CommandException.class)
        .hasMessage("unknown service 'identty'; did you mean 'identity'?");
  }

  @Test
  void psAsATableSpeaksToPeople() throws Exception {
    assertThat(run("ps").lines().toList().get(1))
        .matches(
            "identity-1 +READY +healthy +4711 +3m 12s +1 +82 MB +0\\.13 +- +"
                + home.resolve("run/identity-1.sock"));
  }

  @Test
  void psAllAddsWhatIsDisabled() throws Exception {
    assertThat(run("ps")).doesNotContain("storage");
    JsonObject storage = Json.objects(run("ps", "--all", "--json")).get(3);
    assertThat(storage.keySet()).containsExactly(PS_KEYS);
    assertThat(storage.get("service").getAsString()).isEqualTo("storage");
    assertThat(storage.get("state").getAsString()).isEqualTo("STOPPED");
  }

  @Test
  void psAllAddsSpares() throws Exception {
    node.spares =
        List.of(
            new Spares.Spare(
                true,
                "waits for a service",
                OptionalLong.of(4713),
                Duration.ofSeconds(61),
                OptionalLong.of(64L << 20)),
            new Spares.Spare(
                false,
                "is being prepared",
                OptionalLong.empty(),
                Duration.ZERO,
                OptionalLong.empty()));
    assertThat(run("ps")).doesNotContain("(spare)");
    List<JsonObject> rows = Json.objects(run("ps", "--all", "--json"));
    JsonObject warm = rows.get(4);
    assertThat(warm.keySet()).isEqualTo(rows.get(0).keySet());
    assertThat(warm.toString())
        .contains("\"(spare)\"", "\"READY\"", "4713", "67108864", "\"waits for a service\"");
    assertThat(rows.get(5).toString()).contains("\"(spare)\"", "\"STARTING\"");
    assertThat(run("ps", "--all")).containsPattern("\\(spare\\)-1 +READY");
  }

  @Test
  void psShowsNothingOfAProcessThatIsNotTheOneItNames() throws Exception {
    InstanceStatus identity = node.instances.get(new InstanceId("identity", 1));
    node.instances.put(identity.id(), withPid(identity, 4713));

    JsonObject row = Json.objects(run("ps", "--json")).get(0);
    assertThat(row.get("pid").getAsLong()).isEqualTo(4713);
    assertThat(row.get("rss_bytes").isJsonNull()).isTrue();
    assertThat(row.get("cpu_cores").isJsonNull()).isTrue();
  }

  private static InstanceStatus withPid(InstanceStatus status, long pid) {
    return new InstanceStatus(
        status.id(),
        status.state(),
        status.health(),
        status.message(),
        OptionalLong.of(pid),
        status.started(),
        status.uptime(),
        status.restarts(),
        status.lastRestart(),
        status.lastExit(),
        status.socket(),
        status.port(),
        status.bundleVersion());
  }

  @Test
  void topAsJsonHasEveryKeyInOrderAndNullForWhatIsUnknown() throws Exception {
    List<JsonObject> rows = Json.objects(run("top", "--json"));

    assertThat(rows).hasSize(3);
    assertThat(rows).allSatisfy(row -> assertThat(row.keySet()).containsExactly(TOP_KEYS));
    assertThat(rows.get(0))
        .hasToString(
            "{\"service\":\"identity\",\"instance\":1,\"pid\":4711,\"rss_bytes\":85983232,"
                + "\"pss_bytes\":63963136,\"memory_limit_bytes\":268435456,"
                + "\"cpu_cores\":0.125,\"open_fds\":41,\"threads\":30,\"virtual_threads\":7,"
                + "\"heap_used_bytes\":20971520,\"sampled_at\":\"2026-03-04T05:07:08.009Z\"}");
    JsonObject hardlyKnown = rows.get(1);
    assertThat(hardlyKnown.get("rss_bytes").getAsLong()).isEqualTo(1000);
    for (String key :
        List.of(
            "pss_bytes", "memory_limit_bytes", "cpu_cores", "virtual_threads", "heap_used_bytes")) {
      assertThat(hardlyKnown.get(key).isJsonNull()).as(key).isTrue();
    }
    JsonObject failed = rows.get(2);
    assertThat(failed.get("service").getAsString()).isEqualTo("cache-2");
    for (String key : Arrays.asList(TOP_KEYS).subList(2, TOP_KEYS.length)) {
      assertThat(failed.get(key).isJsonNull()).as(key).isTrue();
    }
  }

  @Test
  void topAsATableSpeaksToPeople() throws Exception {
    List<String> lines = run("top").lines().toList();
    assertThat(lines.get(0))
        .matches("INSTANCE +PID +CPU +RSS +PSS +LIMIT +HEAP +FDS +THREADS +VTHREADS");
    assertThat(lines.get(1))
        .matches("identity-1 +4711 +0.13 +82 MB +61 MB +256 MB +20 MB +41 +30 +7");
    assertThat(lines.get(3)).matches("cache-2-1( +-){9}");
    assertThat(lines).hasSize(4);
  }

  @Test
  void topShowsWhatWasUsed() throws Exception {
    node.past =
        List.of(
            new Past(
                new InstanceId("identity", 1),
                Optional.of(new Figure(0.125, 1.5)),
                Optional.of(new Figure(85_983_232.4, 90_000_000)),
                Optional.empty()),
            new Past(
                new InstanceId("identity", 2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    List<String> lines = run("top", "identity", "--past", "2h").lines().toList();
    assertThat(lines.get(0)).matches("INSTANCE +CPU +CPU PEAK +RSS +RSS PEAK +HEAP +HEAP PEAK");
    assertThat(lines.get(1)).matches("identity-1 +0.13 +1.50 +82 MB +86 MB +- +-");
    assertThat(node.pastAsked).containsExactly("identity PT2H");
    assertThat(Json.objects(run("top", "identity-1", "--past", "10m", "--json")))
        .singleElement()
        .hasToString(
            "{\"service\":\"identity\",\"instance\":1,\"cpu_cores_average\":0.125,"
                + "\"cpu_cores_maximum\":1.5,\"rss_bytes_average\":85983232,"
                + "\"rss_bytes_maximum\":90000000,\"heap_used_bytes_average\":null,"
                + "\"heap_used_bytes_maximum\":null}");
    assertThatThrownBy(() -> run("top", "--past", "25h")).hasMessageContaining("from 1s to 24h");
  }

  @Test
  void topShowsOneServiceIfAsked() throws Exception {
    assertThat(Json.objects(run("top", "identity", "--json"))).hasSize(2);
    assertThat(run("top", "cache-2")).doesNotContain("identity");
    assertThatThrownBy(() -> run("top", "identty")).hasMessageContaining("did you mean");
  }

  @Test
  void anEmptyNodeIsNotAnEmptyAnswer() throws Exception {
    node.instances.clear();
    assertThat(run("ps")).contains("no service is configured to run");
    assertThat(run("ps", "--json")).isEqualTo("[]\n");
    assertThat(run("health", "--json")).isEqualTo("[]\n");
  }

  @Test
  void infoKnowsMore() throws Exception {
    List<JsonObject> rows = Json.objects(run("info", "identity", "--json"));

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).keySet())
        .startsWith(PS_KEYS)
        .contains("started", "failures", "limits", "jvm_flags", "depends_on", "archive");
    JsonObject failure = rows.get(0).getAsJsonArray("failures").get(0).getAsJsonObject();
    assertThat(failure.keySet())
        .containsExactly(
            "time",
            "exit_code",
            "signal",
            "cause",
            "kind",
            "lived_seconds",
            "last_log_lines",
            "hs_err",
            "heap_dump",
            "last_samples");
    assertThat(failure.get("lived_seconds").getAsDouble()).isEqualTo(1.5);
    assertThat(failure.get("kind").getAsString()).isEqualTo("killed");
    assertThat(failure.get("hs_err").getAsString()).endsWith("hs_err_identity-1-x-1.log");
    assertThat(failure.get("heap_dump").isJsonNull()).isTrue();
    JsonObject sample = failure.getAsJsonArray("last_samples").get(0).getAsJsonObject();
    assertThat(sample.keySet())
        .containsExactly(
            "sampled_at",
            "rss_bytes",
            "cpu_cores",
            "open_fds",
            "threads",
            "heap_used_bytes",
            "heap_after_gc_bytes",
            "metaspace_bytes",
            "direct_bytes");
    assertThat(sample.get("open_fds").getAsInt()).isEqualTo(42);
    assertThat(sample.get("heap_used_bytes").isJsonNull()).isTrue();

    assertThat(run("info", "identity-2"))
        .startsWith("identity-2\n")
        .contains("1.0 KB", "max_memory: 256MB", "killed from outside, after 1s", "| last words")
        .contains("hs_err file: /home/log/hs_err_identity-2-x-1.log", "fds 42, threads 7")
        .doesNotContain("identity-1");
  }

  @Test
  void startAndStopReachTheSupervisorAndSayWhatCameOfIt() throws Exception {
    assertThat(run("restart", "identity")).isEqualTo("identity: done\n");
    assertThat(run("stop", "identity-2")).isEqualTo("identity: done\n");
    assertThat(node.asked)
        .containsExactly(
            "restart identity OptionalInt.empty shell", "stop identity OptionalInt[2] shell");
    assertThatThrownBy(() -> run("start", "cache-2")).hasMessage("it did not get ready");
  }

  @Test
  void scaleReachesTheSupervisor() throws Exception {
    assertThat(run("scale", "identity", "3")).isEqualTo("identity: scaled\n");
    assertThat(run("scale", "cache-2", "1")).isEqualTo("cache-2: scaled\n");
    assertThat(node.asked).containsExactly("scale identity 3 shell", "scale cache-2 1 shell");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "scale identity-2 3 | scale: a service is scaled as a whole: 'identity', not 'identity-2';"
            + " usage: scale SERVICE N",
        "scale identity some | scale: N is a number of instances, not 'some'; usage: scale SERVICE"
            + " N",
        "scale identity | scale: N is missing; usage: scale SERVICE N",
        "info identty | unknown service 'identty'; did you mean 'identity'?",
        "info nothing-like-it | unknown service 'nothing-like-it'",
        "info identity-3 | service 'identity' has no instance 3; it has 1, 2",
        "info identity-01 | service 'identity' has no instance 01; it has 1, 2",
        "info identity- | service 'identity' has no instance ; it has 1, 2",
        "config storge | unknown service 'storge'; did you mean 'storage'?",
        "info | info: SERVICE[-N] is missing; usage: info SERVICE[-N] [--json]",
        "info a b | too many arguments, from 'b'",
        "ps --jsn | ps: unknown option --jsn; did you mean '--json'? usage: ps [--all] [--json]",
        "ps --json=yes | option --json takes no value",
        "logs identity -n | option -n N needs a value",
        "logs identity -n few | option -n N takes a number of at least 0, not 'few'",
        "help pz | unknown command 'pz'; did you mean 'ps'?",
      })
  void mistakesAreExplainedInOneLine(String line, String explanation) {
    assertThatThrownBy(() -> run(line.strip().split(" ")))
        .isInstanceOf(CommandException.class)
        .message()
        .contains(explanation.strip())
        .doesNotContain("\n");
  }

  @Test
  void aNameWithADashIsNotTakenForANumber() {
    assertThat(Target.parse("cache-2", node.instances()).instance()).isEmpty();
    assertThat(Target.parse("cache-2-1", node.instances()).instance()).hasValue(1);
  }

  @Test
  void inPassesOnWhatTheHostPrints() throws Exception {
    node.answer = CompletableFuture.completedFuture(new LineResult(0, "from the host\n", ""));
    assertThat(run("in", "identity", "bundles | grep x")).isEqualTo("from the host\n");
    assertThat(node.asked).containsExactly("identity-1 bundles | grep x");

    node.answer = CompletableFuture.completedFuture(new LineResult(1, "", "no such thing\n"));
    assertThatThrownBy(() -> run("in", "identity-2", "x")).hasMessage("no such thing");

    node.answer = CompletableFuture.failedFuture(new SupervisionException("identity-2 is gone"));
    assertThatThrownBy(() -> run("in", "identity-2", "x")).hasMessage("identity-2 is gone");
  }

  @Test
  void dumpPrintsThreadsOrSaysWhereTheHeapIs() throws Exception {
    node.answer = CompletableFuture.completedFuture(new LineResult(0, "main: waits\n", ""));
    assertThat(run("dump", "identity", "threads")).isEqualTo("main: waits\n");
    assertThat(
            Json.objects(run("dump", "identity-2", "threads", "--json"))
                .get(0)
                .get("text")
                .getAsString())
        .isEqualTo("main: waits\n");
    assertThat(run("dump", "identity", "heap"))
        .startsWith("the heap of identity-1 is in " + home.resolve("log/identity-1-"))
        .endsWith(".hprof\n");
    assertThat(node.asked)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("identity-1 host:threads"),
            second -> assertThat(second).isEqualTo("identity-2 host:threads"),
            third -> assertThat(third).startsWith("identity-1 host:heap identity-1-"));
    assertThatThrownBy(() -> run("dump", "identity", "stack"))
        .hasMessageContaining("'stack' cannot be dumped, only threads and heap");
  }

  @Test
  void logSetsALevelInAllThatAreMeant() throws Exception {
    assertThat(run("log", "identity", "blackhole.identity", "DEBUG"))
        .contains("identity-1", "identity-2", "debug");
    assertThat(run("log", "identity-2", "root", "default")).doesNotContain("identity-1");
    assertThat(node.asked)
        .containsExactly(
            "identity-1 host:level blackhole.identity debug",
            "identity-2 host:level blackhole.identity debug",
            "identity-2 host:level root default");
    assertThatThrownBy(() -> run("log", "identity", "x; stop", "debug"))
        .hasMessageContaining("no logger's name");
    assertThatThrownBy(() -> run("log", "identity", "root", "debgu"))
        .hasMessageContaining("'debgu' is no level; did you mean 'debug'?");
  }

  @Test
  void doctorNamesWhatIsWrongAndWhatToDo() throws Exception {
    List<JsonObject> findings = Json.objects(run("doctor", "--json"));
    assertThat(findings)
        .allSatisfy(
            finding ->
                assertThat(finding.keySet())
                    .containsExactly("severity", "about", "what", "advice"));
    assertThat(findings.get(0).get("about").getAsString()).isEqualTo("cache-2-1");
    assertThat(findings.get(0).get("what").getAsString()).isEqualTo("FAILED: ended too often");
    assertThat(findings.get(0).get("advice").getAsString()).contains("start cache-2-1");
    assertThat(run("doctor")).contains("error", "cache-2-1", "FAILED: ended too often");
  }

  @Test
  void configShowsWhereASettingComesFrom() throws Exception {
    assertThat(run("config")).contains("supervisor.start_timeout", "blackhole.yaml:3");
    assertThat(run("config", "storage", "--json"))
        .isEqualTo(
            "[{\"key\":\"services.storage.enabled\",\"value\":\"false\","
                + "\"origin\":\"blackhole.yaml:3\"}]\n");
  }

  @Test
  void logsAreMergedAndCounted() throws Exception {
    Path log = Files.createDirectories(home.resolve("log"));
    Files.writeString(log.resolve("identity-1.log"), "2026-01-01T00:00:01.000Z INFO one\n");
    Files.writeString(log.resolve("identity-2.log"), "2026-01-01T00:00:02.000Z INFO two\n");

    assertThat(run("logs", "identity"))
        .isEqualTo("2026-01-01T00:00:01.000Z INFO one\n2026-01-01T00:00:02.000Z INFO two\n");
    assertThat(run("logs", "identity", "-n", "1")).endsWith("two\n").doesNotContain("one");
    assertThat(run("logs", "identity-1", "-f", "--json"))
        .isEqualTo(
            "[{\"service\":\"identity\",\"instance\":1,\"time\":\"2026-01-01T00:00:01Z\","
                + "\"line\":\"2026-01-01T00:00:01.000Z INFO one\"}]\n");
    assertThat(run("logs", "cache-2")).isEmpty();
  }

  @Test
  void whatHappenedIsShownWithItsCauseAndWhoWantedIt() throws Exception {
    Instant time = Instant.parse("2026-11-28T10:00:00.5Z");
    Optional<String> identity = Optional.of("identity");
    Optional<InstanceState> ready = Optional.of(InstanceState.READY);
    Optional<InstanceState> backoff = Optional.of(InstanceState.BACKOFF);
    assertThat(run("journal")).isEqualTo("nothing has happened yet\n");
    node.events =
        List.of(
            new Event(time, identity, OptionalInt.of(1), ready, backoff, "why", "supervisor", true),
            new Event(time, identity, OptionalInt.of(2), ready, ready, "flaps", "shell", false),
            new Event(
                time,
                Optional.of("gone"),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                "scaled",
                "scaler",
                false),
            new Event(
                time,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                "n.yaml was reloaded",
                "shell",
                false));

    assertThat(run("journal"))
        .contains("2026-11-28T10:00:00.500Z  identity-1  READY -> BACKOFF  supervisor  why\n")
        .contains("identity-2  READY ")
        .contains("n.yaml was reloaded");
    assertThat(run("journal", "identity-2")).contains("flaps").doesNotContain("why", "n.yaml");
    assertThat(run("journal", "gone")).contains("scaled").doesNotContain("identity");
    assertThat(run("journal", "-n", "1")).contains("n.yaml").doesNotContain("scaled");
    assertThat(run("journal", "identity-1", "--json"))
        .isEqualTo(
            "[{\"time\":\"2026-11-28T10:00:00.500Z\",\"service\":\"identity\",\"instance\":1,"
                + "\"from\":\"READY\",\"to\":\"BACKOFF\",\"cause\":\"why\","
                + "\"who\":\"supervisor\",\"warning\":true}]\n");
    assertThatThrownBy(() -> run("journal", "identiti"))
        .hasMessage("unknown service 'identiti'; did you mean 'identity'?");
  }

  @Test
  void updateSaysWhatIsDoneWhileItIsDone() throws Exception {
    assertThat(run("update", "identity", "v2.jar", "--allow-older").lines())
        .containsExactly("identity-1: starts", "identity-1: serves", "identity: updated");
    assertThat(run("rollback", "identity", "--builtin").lines())
        .containsExactly("identity-1: goes back", "identity: updated");
    assertThat(node.asked)
        .containsExactly(
            "update identity "
                + Path.of("v2.jar").toAbsolutePath()
                + " Options[older=true, removed=false, oneWay=false, rolling=false] shell",
            "rollback identity true false shell");
  }

  @Test
  void anUpdateThatFailedIsOneLineThatSaysWhy() {
    node.outcome =
        CompletableFuture.failedFuture(new SupervisionException("identity stays at 1.0.0"));
    assertThatThrownBy(() -> run("update", "identity", "v2.jar"))
        .isInstanceOf(CommandException.class)
        .hasMessage("identity stays at 1.0.0");
    assertThatThrownBy(() -> run("update", "identity", "https://example.org/v2.jar"))
        .hasMessageContaining("is fetched only with --sha256");
    assertThatThrownBy(() -> run("update", "identity", "v2.jar", "--sha256", "ab"))
        .hasMessageContaining("--sha256 is for a URL");
    assertThatThrownBy(() -> run("update", "identity-1", "v2.jar"))
        .hasMessageContaining("all instances of a service have one version");
    assertThatThrownBy(() -> run("rollback", "identiti"))
        .hasMessageContaining("did you mean 'identity'?");
  }

  @Test
  void aUrlIsFetchedWithTheDigestOfItsBytes() throws Exception {
    String unused = run("update", "identity", "https://example.org/v2.jar", "--sha256", "ab");
    assertThat(node.asked)
        .containsExactly(
            "fetch identity https://example.org/v2.jar ab"
                + " Options[older=false, removed=false, oneWay=false, rolling=false] shell");
  }

  @Test
  void historyHasEveryKeyAndNullForWhatIsUnknown() throws Exception {
    assertThat(run("history", "identity")).isEqualTo("nothing was installed\n");
    node.versions =
        List.of(
            new Updates.Version(
                Optional.of("1.0.0"),
                Optional.of("0123456789abcdef"),
                Instant.parse("2026-03-04T05:06:07Z"),
                "launcher",
                Optional.empty(),
                Updates.Outcome.CURRENT,
                ""),
            new Updates.Version(
                Optional.empty(),
                Optional.empty(),
                Instant.parse("2026-03-04T05:06:08Z"),
                "shell",
                Optional.of("in-place"),
                Updates.Outcome.ROLLED_BACK,
                "why"));
    List<JsonObject> rows = Json.objects(run("history", "identity", "--json"));
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.keySet())
                    .containsExactly(
                        "service",
                        "version",
                        "sha256",
                        "installed",
                        "by",
                        "mode",
                        "outcome",
                        "message"));
    assertThat(rows)
        .extracting(row -> row.get("outcome").getAsString())
        .containsExactly("current", "rolled-back");
    assertThat(rows.get(1).get("version").isJsonNull()).isTrue();
    assertThat(run("history", "identity")).contains("0123456789ab", "rolled-back", "why");
  }

  @Test
  void eventsAreTheLastOnesWithoutATerminal() throws Exception {
    node.stream.events.add(
        new NodeEvents.Occurrence(
            7,
            Instant.parse("2026-03-04T05:06:07Z"),
            "instance.ready",
            "node",
            "r-1",
            "",
            Optional.of("{\"service\":\"identity\"}")));
    assertThat(run("events", "instance.*", "--json"))
        .isEqualTo(
            "[{\"position\":7,\"time\":\"2026-03-04T05:06:07Z\",\"type\":\"instance.ready\","
                + "\"source\":\"node\",\"id\":\"r-1\",\"trace_id\":null,"
                + "\"data\":{\"service\":\"identity\"}}]\n");
    assertThat(run("events", "-n", "3")).contains("instance.ready", "identity");
    assertThat(node.stream.asked).containsExactly("instance.* 50", "all 3");
  }

  @Test
  void everyCommandHasAnExampleThatItUnderstands() {
    CommandDirectory all = directory();
    assertThat(all.commands()).hasSize(29);
    for (Command command : all.commands()) {
      List<String> words = Arrays.asList(command.usage().example().split(" ", 2));
      assertThat(words.get(0)).isEqualTo(command.name());
      List<String> arguments =
          words.size() == 1 ? List.of() : Arrays.asList(words.get(1).replace("'", "").split(" "));
      Arguments.parse(command.usage(), arguments);
      assertThat(command.usage().help()).contains("--help", command.usage().example());
    }
  }

  private CommandDirectory directory() {
    List<Command> all =
        new java.util.ArrayList<>(
            node.groups().stream().flatMap(group -> group.commands().stream()).toList());
    CommandDirectory directory = () -> all;
    all.addAll(new HelpCommand(directory).commands());
    return directory;
  }

  private String run(String... words) throws Exception {
    Command command = directory().find(words[0]).orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arguments arguments =
        Arguments.parse(command.usage(), Arrays.asList(words).subList(1, words.length));
    command
        .action()
        .run(new Invocation(arguments, new PrintStream(out, true, StandardCharsets.UTF_8), 0));
    return out.toString(StandardCharsets.UTF_8);
  }
}
