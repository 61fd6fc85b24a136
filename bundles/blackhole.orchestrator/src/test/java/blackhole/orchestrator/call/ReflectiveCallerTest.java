package blackhole.orchestrator.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Idempotency;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCall.Header;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodSummary;
import blackhole.probe.v1.Everything;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server on a Unix socket, of which nothing is known but its name. */
class ReflectiveCallerTest {
  private static final String PACKED = "type.googleapis.com/blackhole.probe.v1.Packed";

  @TempDir Path directory;
  private ProbeServer server;
  private ReflectiveCaller caller;

  @BeforeEach
  void start() throws Exception {
    server = new ProbeServer(directory.resolve("s"), ProtoReflectionServiceV1.newInstance());
    caller = new ReflectiveCaller(server);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Greet", "Probe/Greet", "blackhole.probe.v1.Probe/Greet"})
  void aMethodIsFoundByAnyOfItsNames(String method) throws Exception {
    assertThat(call(method, "{\"userName\": \"ada\"}"))
        .containsExactly("{\"userName\":\"hello ada\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "{}"})
  void noJsonIsAnEmptyMessage(String json) throws Exception {
    assertThat(call("Greet", json)).containsExactly("{\"userName\":\"hello \"}");
  }

  @Test
  void fieldsMayHaveTheirNameInTheProto() throws Exception {
    assertThat(call("Greet", "{\"user_name\":\"ada\"}"))
        .containsExactly("{\"userName\":\"hello ada\"}");
  }

  @Test
  void aClientsStreamIsSeveralDocuments() throws Exception {
    assertThat(call("Sum", "{\"value\":1}{\"value\":\"2\"}\n\n{\"value\":39}"))
        .containsExactly("{\"value\":\"42\"}");
    assertThat(call("Sum", "")).containsExactly("{}");
  }

  @Test
  void aServersStreamComesMessageByMessage() throws Exception {
    assertThat(call("Count", "{\"value\":3}"))
        .containsExactly("{\"value\":\"1\"}", "{\"value\":\"2\"}", "{\"value\":\"3\"}");
  }

  @Test
  void whoHasSeenEnoughEndsTheStream() throws Exception {
    List<String> seen = new ArrayList<>();
    caller.call(
        request("Count"),
        new StringReader("{\"value\":\"1000000000000\"}"),
        answer -> {
          seen.add(answer);
          return seen.size() < 5;
        });
    assertThat(seen).hasSize(5);
    assertThat(server.probe.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Each answer is there before the next document is even written. */
  @Test
  void bothWaysAtOnceItIsAConversation() throws Exception {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    PipedReader requests = new PipedReader();
    try (PipedWriter writer = new PipedWriter(requests)) {
      CompletableFuture<Void> done = inBackground("Chat", requests, answers);
      for (String name : List.of("ada", "grace", "barbara")) {
        writer.write("{\"userName\":\"" + name + "\"}");
        writer.flush();
        assertThat(answers.poll(30, TimeUnit.SECONDS))
            .isEqualTo("{\"userName\":\"hello " + name + "\"}");
      }
      writer.close();
      done.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStreamThatTheServiceEndsNeedsNoEndOfInput() throws Exception {
    PipedReader requests = new PipedReader();
    try (PipedWriter writer = new PipedWriter(requests)) {
      writer.write("{\"userName\":\"stop\"}");
      writer.flush();
      assertThatThrownBy(() -> caller.call(request("Chat"), requests, answer -> true))
          .isInstanceOf(MethodCallException.class)
          .hasMessage("ABORTED: stopped");
    }
  }

  @Test
  void badJsonInTheMiddleOfAStreamCancelsIt() throws Exception {
    assertThatThrownBy(() -> call("Sum", "{\"value\":1}\n  {\"value\":x}"))
        .isInstanceOf(MethodCallException.class)
        .hasMessageStartingWith("bad JSON near line 2, column 1");
    assertThat(server.probe.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void wellKnownTypesAndPackedOnesGoThrough() throws Exception {
    String packed = "{\"@type\":\"" + PACKED + "\",\"inside\":\"x\"}";
    String json =
        "{\"any\":"
            + packed
            + ",\"time\":\"2026-03-04T05:06:07Z\",\"delay\":\"1.500s\",\"struct\":{\"a\":[1.0,null]},"
            + "\"more\":["
            + packed
            + ",{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"3s\"}],"
            + "\"named\":{\"k\":"
            + packed
            + "},\"data\":\"AQI=\",\"color\":\"RED\"}";
    assertThat(call("Echo", json)).containsExactly(json);
  }

  /** As an event stream's client sees what a service tells that is gone. */
  @Test
  void whatNobodyKnowsIsPrintedByItsNameAlone() throws Exception {
    String type = "type.googleapis.com/blackhole.gone.v1.Told";
    Everything message =
        Everything.newBuilder()
            .setAny(Any.newBuilder().setTypeUrl(type).setValue(ByteString.copyFromUtf8("\n\1x")))
            .build();
    Schema schema =
        new Schema(
            new Reflection("probe", server.to("probe"), Deadline.after(60, TimeUnit.SECONDS)),
            symbol -> List.of());
    assertThat(new JsonMessages(schema, false).print(message))
        .isEqualTo("{\"any\":{\"@type\":\"" + type + "\"}}");
  }

  @Test
  void prettyAnswersHaveSeveralLines() throws Exception {
    List<String> answers = new ArrayList<>();
    caller.call(
        new MethodCall("probe", "Greet", List.of(), Optional.empty(), true),
        new StringReader("{}"),
        answers::add);
    assertThat(answers).containsExactly("{\n  \"userName\": \"hello \"\n}");
  }

  @Test
  void headersAreSent() throws Exception {
    List<String> answers = new ArrayList<>();
    caller.call(
        new MethodCall(
            "probe",
            "Greet",
            List.of(
                new Header("X-Text", " one"),
                new Header("x-text", "two: and more"),
                new Header("x-bytes-bin", "aGk=")),
            Optional.empty(),
            false),
        new StringReader(""),
        answers::add);
    JsonObject headers =
        JsonParser.parseString(answers.get(0)).getAsJsonObject().getAsJsonObject("headers");
    assertThat(headers.get("x-text").getAsString()).isEqualTo("one|two: and more");
    assertThat(headers.get("x-bytes-bin").getAsString()).isEqualTo("hi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x-text | ü | only printable ASCII",
        "x text | a | Invalid character",
        "x-bytes-bin | *** | Illegal base64",
      })
  void wrongHeadersAreNamed(String name, String value, String reason) {
    MethodCall call =
        new MethodCall("probe", "Greet", List.of(new Header(name, value)), Optional.empty(), false);
    assertThatThrownBy(() -> caller.call(call, new StringReader(""), answer -> true))
        .isInstanceOf(MethodCallException.class)
        .hasMessageContaining("header '" + name + "'")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Gret | {} | service 'probe' has no method 'Gret'; did you mean 'Greet'?",
        "Nothing | {} | service 'probe' has no method 'Nothing'; it has Take, Twice, Greet, Sum",
        "Prob/Greet | {} | has no gRPC service 'Prob'; it has blackhole.probe.v1.Probe,",
        "blackhole.probe.v1.Prob/Greet | {} | did you mean 'blackhole.probe.v1.Probe'?",
        "Twice | {} | several methods 'Twice'; say which: probe/blackhole.probe.v1.",
        "Greet | {'userName':'a'} | bad JSON near line 1, column 3",
        "Greet | {\"userName\":1,} | bad JSON near line 1, column 16, in $.userName",
        "Greet | {\"userName\": | bad JSON: the input ends inside what begins at line 1, column 1",
        "Greet | nonsense | bad JSON near line 1, column 1",
        "Greet | [1] | is no blackhole.probe.v1.Greeting",
        "Greet | {\"userNam\":\"a\"} | unknown field 'userNam' in blackhole.probe.v1.Greeting; did you mean 'userName'?",
        "Count | {\"value\":\"many\"} | the JSON at line 1, column 1 is no blackhole.probe.v1.Number: Not an int64 value",
        "Greet | {} {} | the method takes one message, and another begins at line 1, column 4",
        "Echo | {\"any\":{\"@type\":\"x/no.Such\"}} | no.Such",
      })
  void mistakesAreExplained(String method, String json, String explanation) {
    assertThatThrownBy(() -> call(method, json))
        .isInstanceOf(MethodCallException.class)
        .hasMessageContaining(explanation);
  }

  @Test
  void aStatusComesWithItsDetailsAndWithoutEscapes() {
    MethodCallException failure =
        catchThrowableOfType(MethodCallException.class, () -> call("Fail", "{}"));
    assertThat(failure).hasMessage("RESOURCE_EXHAUSTED: no more [2J today");
    assertThat(failure.details())
        .containsExactly("reason: TOO_TIRED (blackhole.probe.v1)", "retry after: 1500 ms");
  }

  @Test
  void aTimeoutEndsTheCall() {
    MethodCall call =
        new MethodCall("probe", "Hang", List.of(), Optional.of(Duration.ofSeconds(2)), false);
    assertThatThrownBy(() -> caller.call(call, new StringReader(""), answer -> true))
        .isInstanceOf(MethodCallException.class)
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
  }

  @Test
  void anInterruptCancelsTheCall() throws Exception {
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                call("Hang", "{}");
              } catch (Exception e) {
                end.set(e);
              }
            });
    thread.start();
    assertThat(server.probe.hanging.await(30, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    thread.join(30_000);
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    assertThat(server.probe.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theServicesOwnMethodsAreListedFirst() throws Exception {
    List<MethodSummary> methods = caller.methods("probe");
    assertThat(methods)
        .startsWith(
            new MethodSummary(
                "blackhole.probe.v1.Extra/Take",
                "blackhole.probe.v1.Packed",
                "blackhole.probe.v1.Packed",
                false,
                false,
                Idempotency.UNKNOWN))
        .contains(
            new MethodSummary(
                "blackhole.probe.v1.Probe/Greet",
                "blackhole.probe.v1.Greeting",
                "blackhole.probe.v1.Greeting",
                false,
                false,
                Idempotency.NO_SIDE_EFFECTS),
            new MethodSummary(
                "blackhole.probe.v1.Probe/Sum",
                "blackhole.probe.v1.Number",
                "blackhole.probe.v1.Number",
                true,
                false,
                Idempotency.IDEMPOTENT))
        .extracting(MethodSummary::name)
        .endsWith("grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
  }

  @Test
  void whatEveryServiceHasCanBeCalledToo() throws Exception {
    assertThat(call("Check", "{}")).containsExactly("{\"status\":\"SERVING\"}");
  }

  @Test
  @SuppressWarnings("deprecation") // what older servers have
  void theOlderReflectionDoes() throws Exception {
    try (ProbeServer older =
        new ProbeServer(directory.resolve("older"), ProtoReflectionService.newInstance())) {
      List<String> answers = new ArrayList<>();
      new ReflectiveCaller(older).call(request("Greet"), new StringReader("{}"), answers::add);
      assertThat(answers).containsExactly("{\"userName\":\"hello \"}");
    }
  }

  @Test
  void aServiceWithoutReflectionIsNamed() throws Exception {
    try (ProbeServer mute = new ProbeServer(directory.resolve("mute"))) {
      ReflectiveCaller calling = new ReflectiveCaller(mute);
      assertThatThrownBy(() -> calling.methods("probe"))
          .isInstanceOf(MethodCallException.class)
          .hasMessage("service 'probe' has no server reflection");
    }
  }

  @Test
  void aServiceThatIsGoneSaysSoWithItsCode() throws Exception {
    server.close();
    assertThatThrownBy(() -> call("Greet", "{}"))
        .isInstanceOf(MethodCallException.class)
        .hasMessageStartingWith("UNAVAILABLE: ");
  }

  private CompletableFuture<Void> inBackground(
      String method, Reader requests, BlockingQueue<String> answers) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            caller.call(request(method), requests, answers::add);
          } catch (MethodCallException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private List<String> call(String method, String json)
      throws MethodCallException, InterruptedException {
    List<String> answers = new ArrayList<>();
    caller.call(request(method), new StringReader(json), answers::add);
    return answers;
  }

  private static MethodCall request(String method) {
    return new MethodCall("probe", method, List.of(), Optional.empty(), false);
  }
}
