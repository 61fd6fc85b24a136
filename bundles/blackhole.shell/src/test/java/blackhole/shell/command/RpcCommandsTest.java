package blackhole.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.observe.TraceContext;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RegisteredEndpoint.Type;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCall.Header;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.supervision.Hosts.CallerReport;
import blackhole.api.supervision.InstanceHealth;
import blackhole.shell.render.Json;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code endpoints}, {@code breakers}, {@code calls} and {@code call}: words in, text out. */
class RpcCommandsTest {
  private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");

  @TempDir Path home;
  private TestNode node;
  private String stdin = "";

  @BeforeEach
  void startNode() {
    node = new TestNode(home);
  }

  private void serveStorage() {
    node.directory.put("storage", Map.of(), List.of(remote(), local()));
  }

  private RegisteredEndpoint local() {
    return new RegisteredEndpoint(
        "h7",
        "storage",
        1,
        Type.LOCAL,
        "node-a",
        Optional.of(home.resolve("run/storage-1.sock")),
        Optional.of("127.0.0.1"),
        OptionalInt.of(50002),
        Optional.empty(),
        OptionalLong.of(4711),
        InstanceHealth.HEALTHY,
        "",
        TIME);
  }

  private static RegisteredEndpoint remote() {
    return new RegisteredEndpoint(
        "node-b/storage",
        "storage",
        0,
        Type.REMOTE,
        "node-b",
        Optional.empty(),
        Optional.of("::1"),
        OptionalInt.of(50012),
        Optional.empty(),
        OptionalLong.empty(),
        InstanceHealth.UNREACHABLE,
        "connection refused",
        TIME);
  }

  @Test
  void endpointsHaveTheseKeysAndLocalOnesComeFirst() throws Exception {
    serveStorage();
    List<JsonObject> rows = Json.objects(run("endpoints", "--json"));

    assertThat(rows).hasSize(2);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.keySet())
                    .containsExactly(
                        "service",
                        "type",
                        "node_id",
                        "address",
                        "socket",
                        "port",
                        "pid",
                        "health",
                        "last_seen"));
    assertThat(rows.get(0))
        .hasToString(
            "{\"service\":\"storage\",\"type\":\"local\",\"node_id\":\"node-a\",\"address\":\"unix:"
                + home.resolve("run/storage-1.sock")
                + "\",\"socket\":\""
                + home.resolve("run/storage-1.sock")
                + "\",\"port\":50002,\"pid\":4711,\"health\":\"healthy\","
                + "\"last_seen\":\"2026-03-04T05:06:07.089Z\"}");
    assertThat(rows.get(1))
        .hasToString(
            "{\"service\":\"storage\",\"type\":\"remote\",\"node_id\":\"node-b\","
                + "\"address\":\"[::1]:50012\",\"socket\":null,\"port\":50012,\"pid\":null,"
                + "\"health\":\"unreachable\",\"last_seen\":\"2026-03-04T05:06:07.089Z\"}");
  }

  @Test
  void endpointsOfOneServiceAsATable() throws Exception {
    serveStorage();
    List<String> lines = run("endpoints", "storage").lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).startsWith("storage  local").contains("unix:" + home);
    assertThat(lines.get(2)).startsWith("storage  remote").contains("connection refused");
    assertThat(run("endpoints", "identity")).contains("'identity' is served nowhere");
    assertThat(run("endpoints", "identity", "--json")).isEqualTo("[]\n");
  }

  @Test
  void withoutARegistryTheCommandSaysSo() {
    EndpointsCommand command = new EndpointsCommand();
    assertThatThrownBy(() -> run(command.commands().get(0), "--json"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("the registry is not there yet");
  }

  private void report() {
    node.reports =
        List.of(
            new CallerReport("orchestrator", List.of(calls("identity", BreakerState.CLOSED))),
            new CallerReport(
                "storage-1",
                List.of(
                    calls("identity", BreakerState.OPEN),
                    calls("ledger", BreakerState.HALF_OPEN))));
  }

  private static ServiceCalls calls(String service, BreakerState state) {
    return new ServiceCalls(service, state, 5, TIME, 100, 7, 3, 2, 4, 1, 6, 8, 10, 9);
  }

  @Test
  void breakersShowEveryCallersView() throws Exception {
    report();
    assertThat(Json.objects(run("breakers", "--json")))
        .map(JsonObject::toString)
        .containsExactly(
            "{\"caller\":\"orchestrator\",\"service\":\"identity\",\"state\":\"closed\","
                + "\"failures\":5,\"since\":\"2026-03-04T05:06:07.089Z\"}",
            "{\"caller\":\"storage-1\",\"service\":\"identity\",\"state\":\"open\","
                + "\"failures\":5,\"since\":\"2026-03-04T05:06:07.089Z\"}",
            "{\"caller\":\"storage-1\",\"service\":\"ledger\",\"state\":\"half-open\","
                + "\"failures\":5,\"since\":\"2026-03-04T05:06:07.089Z\"}");
    assertThat(run("breakers", "ledger").lines().toList().get(1))
        .matches("storage-1 +ledger +half-open +5 +2026-03-04T05:06:07.089Z");
  }

  @Test
  void callsAreCountedByCallerAndService() throws Exception {
    report();
    assertThat(run("calls", "ledger", "--json"))
        .isEqualTo(
            "[{\"caller\":\"storage-1\",\"service\":\"ledger\",\"calls\":100,\"failed\":7,"
                + "\"retries\":3,\"held\":2,\"refused_by_breaker\":4,\"refused_by_limit\":1,"
                + "\"deadline_exceeded\":6,\"remote\":8,\"ejected\":10,\"in_flight\":9}]\n");
    assertThat(run("calls").lines()).hasSize(4);
  }

  @Test
  void whoWasNeverCalledIsNotUnknown() throws Exception {
    assertThat(run("breakers", "--json")).isEqualTo("[]\n");
    assertThat(run("breakers")).contains("nobody on this node has called a service yet");
    assertThat(run("calls", "storage")).contains("nobody on this node has called 'storage' yet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "endpoints storge | unknown service 'storge'; did you mean 'storage'?",
        "breakers storge | unknown service 'storge'; did you mean 'storage'?",
        "calls storge | unknown service 'storge'; did you mean 'storage'?",
        "call | call: SERVICE[/METHOD] is missing",
        "call identty/Check | unknown service 'identty'; did you mean 'identity'?",
        "call identity/ | 'identity/' is not SERVICE/METHOD",
        "call /Check | '/Check' is not SERVICE/METHOD",
        "call identity {} | 'identity' names no method to send JSON to",
        "call a.b.C/Check | no service here serves 'a.b.C'",
        "call identity/Check {} {} | too many arguments, from '{}'",
        "call identity/Check --header nonsense | --header is not NAME:VALUE: nonsense",
        "call identity/Check --timeout 5 | --timeout is not a duration: 5",
      })
  void mistakesAreExplainedInOneLine(String line, String explanation) {
    assertThatThrownBy(() -> run(line.strip().split(" ")))
        .isInstanceOf(CommandException.class)
        .message()
        .contains(explanation.strip())
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "identity/Authenticate, identity, Authenticate",
    "identity/Identity/Authenticate, identity, Identity/Authenticate",
    "blackhole.identity.v1.Identity/Authenticate, identity,"
        + " blackhole.identity.v1.Identity/Authenticate",
    "storage/grpc.health.v1.Health/Check, storage, grpc.health.v1.Health/Check",
    // never ready, so that its methods are not known
    "blackhole.storage.v1.Storage/Put, storage, blackhole.storage.v1.Storage/Put",
  })
  void aMethodIsNamedInSeveralWays(String text, String service, String method) throws Exception {
    assertThat(run("call", text, "{}")).isEqualTo("{}\n");
    assertThat(node.caller.calls)
        .containsExactly(new MethodCall(service, method, List.of(), Optional.empty(), false));
  }

  @Test
  void whatTheRegistryDoesNotKnowYetIsTakenAsItIs() throws Exception {
    node.directory.complete = false;
    assertThat(run("call", "ledger/Append", "{}")).isEqualTo("{}\n");
    assertThat(node.caller.calls.get(0).service()).isEqualTo("ledger");
  }

  @Test
  void headersAndTimeoutReachTheCall() throws Exception {
    run(
        "call",
        "identity/Check",
        "--header",
        "authorization:Bearer a:b",
        "--timeout=1500ms",
        "--header",
        "x:");
    assertThat(node.caller.calls)
        .containsExactly(
            new MethodCall(
                "identity",
                "Check",
                List.of(new Header("authorization", "Bearer a:b"), new Header("x", "")),
                Optional.of(Duration.ofMillis(1500)),
                false));
  }

  @Test
  void requestsMayComeFromStdinInUtf8() throws Exception {
    stdin = "{\"a\":\"ä\"}\n{}";
    assertThat(run("call", "identity/Check", "-")).isEqualTo("{\"a\":\"ä\"}\n{}\n");
  }

  @Test
  void aFailureBringsItsDetails() {
    assertThatThrownBy(() -> run("call", "storage/Fail"))
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> assertThat(e.details()).containsExactly("reason: CIRCUIT_OPEN (blackhole)"))
        .hasMessage("UNAVAILABLE: storage is away");
  }

  @Test
  void aServiceAloneListsItsMethods() throws Exception {
    assertThat(run("call", "identity", "--json"))
        .isEqualTo(
            "[{\"method\":\"blackhole.identity.v1.Identity/Authenticate\","
                + "\"request\":\"blackhole.identity.v1.AuthRequest\","
                + "\"response\":\"blackhole.identity.v1.AuthResponse\","
                + "\"client_streaming\":false,\"server_streaming\":false,\"idempotency\":null},"
                + "{\"method\":\"grpc.health.v1.Health/Watch\","
                + "\"request\":\"grpc.health.v1.HealthCheckRequest\","
                + "\"response\":\"grpc.health.v1.HealthCheckResponse\","
                + "\"client_streaming\":false,\"server_streaming\":true,"
                + "\"idempotency\":\"no_side_effects\"}]\n");
    assertThat(run("call", "identity").lines()).hasSize(3);
    assertThat(run("call", "blackhole.identity.v1.Identity").lines()).hasSize(2);
  }

  @Test
  void traceCallsWithAContextThatIsRecorded() throws Exception {
    String drawn = run("trace", "identity/Authenticate", "{}", "--header", "a:b");
    MethodCall call = node.caller.calls.get(0);
    assertThat(call.method()).isEqualTo("Authenticate");
    TraceContext sent = TraceContext.parse(call.headers().get(0).value());
    assertThat(sent).isNotNull();
    assertThat(sent.sampled()).isTrue();
    assertThat(call.headers()).map(MethodCall.Header::name).containsExactly("traceparent", "a");
    assertThat(drawn.lines())
        .startsWith("trace " + sent.traceId())
        .last()
        .asString()
        .endsWith("12.00 ms  orchestrator calls identity Identity/Authenticate");

    JsonObject row = Json.objects(run("trace", "identity/Authenticate", "--json")).get(0);
    assertThat(row.keySet())
        .containsExactly(
            "trace_id",
            "span_id",
            "parent_id",
            "name",
            "kind",
            "origin",
            "start",
            "duration_ms",
            "error",
            "attributes");
    assertThat(row.get("duration_ms").getAsDouble()).isEqualTo(12);
  }

  @Test
  void traceDrawsAlsoWhatFailed() {
    assertThatThrownBy(() -> run("trace", "storage/Fail"))
        .isInstanceOf(CommandException.class)
        .hasMessage("UNAVAILABLE: storage is away");
    assertThatThrownBy(() -> run("trace", "identity"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'identity' names no method");
  }

  @Test
  void traceShowsEarlierOnes() throws Exception {
    assertThat(run("trace")).isEqualTo("no traces; 'trace SERVICE/METHOD' makes one\n");
    String id = "0af7651916cd43dd8448eb211c80319c";
    node.traces.recent.add(TestTraces.span(id, ""));
    assertThat(run("trace")).contains(id, "orchestrator", "12.00 ms");
    assertThat(run("trace", id)).startsWith("trace " + id + "\n");
    assertThat(node.caller.calls).isEmpty();
  }

  @Test
  void withoutAWayToCallTheCommandSaysSo() {
    CallCommand command = new CallCommand(node);
    assertThatThrownBy(() -> run(command.commands().get(0), "identity"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("cannot call services yet");
  }

  @Test
  void servicesAndMethodsAreCompleted() {
    node.directory.put(
        "storage",
        Map.of("blackhole.storage.v1.Storage/Stat", Idempotency.NO_SIDE_EFFECTS),
        List.of());
    assertThat(command("call").words().get())
        .containsExactly("identity", "identity/Authenticate", "storage", "storage/Stat");
  }

  private Command command(String name) {
    return node.groups().stream()
        .flatMap(group -> group.commands().stream())
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String run(String... words) throws Exception {
    return run(command(words[0]), Arrays.copyOfRange(words, 1, words.length));
  }

  private String run(Command command, String... words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arguments arguments = Arguments.parse(command.usage(), List.of(words));
    command
        .action()
        .run(
            new Invocation(
                arguments,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                0));
    return out.toString(StandardCharsets.UTF_8);
  }
}
