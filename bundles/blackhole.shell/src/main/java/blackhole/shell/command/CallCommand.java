package blackhole.shell.command;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.MethodCall;
import blackhole.api.rpc.MethodCall.Header;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.rpc.MethodSummary;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import blackhole.shell.text.ShortDuration;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code call}: a method of a service, with JSON in and out. */
@Component
public final class CallCommand implements CommandGroup {
  private static final String STDIN = "-";
  static final Usage.Option HEADER =
      new Usage.Option(
          "--header", "NAME:VALUE", "sends metadata; base64 if NAME ends in -bin; repeatable");
  static final Usage.Option TIMEOUT =
      new Usage.Option("--timeout", "TIME", "as 500ms, 5s or 2m; default: the service's own");
  private static final Usage.Option JSON =
      Usage.Option.flag("--json", "print the list of methods as JSON; answers always are");
  private static final Usage USAGE =
      new Usage(
          "call",
          List.of("SERVICE[/METHOD]", "[JSON]"),
          "calls a method of a service, or lists its methods",
          """
          METHOD may come with its gRPC service, whose full name alone will do as well:
          identity/Identity/Authenticate, blackhole.identity.v1.Identity/Authenticate.
          JSON is as protobuf maps it; several documents, one after the other, for a client's
          stream; - reads them from stdin; without it, the message is empty.
          Answers are printed as they come: one a line, or laid out on a terminal.""",
          List.of(HEADER, TIMEOUT, JSON),
          "call identity/Authenticate '{\"username\":\"ada\",\"password\":\"secret\"}'");

  private final Supervisor supervisor;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable MethodCaller caller;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable ServiceDirectory directory;

  /** The supervisor tells an orchestrator from a host, which makes no calls for operators. */
  @Activate
  public CallCommand(@Reference Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::call, () -> words(directory, supervisor)));
  }

  /** All that may be called, as far as it is known. */
  static List<String> words(@Nullable ServiceDirectory known, Supervisor supervisor) {
    if (known == null) {
      return List.copyOf(Target.services(supervisor.instances()));
    }
    List<String> words = new ArrayList<>();
    known
        .services()
        .forEach(
            service -> {
              words.add(service.name());
              service.methods().keySet().stream()
                  .map(method -> method.substring(method.lastIndexOf('/') + 1))
                  .distinct()
                  .sorted()
                  .forEach(method -> words.add(service.name() + "/" + method));
            });
    return words;
  }

  private void call(Invocation invocation) throws InterruptedException {
    Arguments arguments = invocation.arguments();
    MethodCaller node = caller;
    if (node == null) {
      throw new CommandException("the node cannot call services yet; try again in a moment");
    }
    CallTarget target = CallTarget.parse(arguments.required(0), directory);
    try {
      if (target.method().isEmpty()) {
        list(invocation, node, target);
      } else {
        node.call(
            methodCall(invocation, target, List.of()),
            requests(invocation),
            printer(invocation.out()));
      }
    } catch (MethodCallException e) {
      throw new CommandException(e.getMessage(), e.details());
    }
  }

  /**
   * @param more headers beside those that were given
   */
  static MethodCall methodCall(Invocation invocation, CallTarget target, List<Header> more) {
    Arguments arguments = invocation.arguments();
    Optional<Duration> timeout =
        arguments
            .value(TIMEOUT)
            .map(
                text ->
                    ShortDuration.parse(text)
                        .orElseThrow(
                            () -> arguments.wrong("--timeout is not a duration: " + text)));
    List<Header> headers = new ArrayList<>(more);
    arguments.values(HEADER).forEach(text -> headers.add(header(arguments, text)));
    return new MethodCall(
        target.service(),
        target.qualifiedMethod().orElseThrow(),
        headers,
        timeout,
        invocation.columns() > 0);
  }

  private static Header header(Arguments arguments, String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw arguments.wrong("--header is not NAME:VALUE: " + text);
    }
    return new Header(text.substring(0, colon), text.substring(colon + 1));
  }

  static Reader requests(Invocation invocation) {
    String json = invocation.arguments().at(1).orElse("");
    return json.equals(STDIN)
        ? new InputStreamReader(invocation.in(), StandardCharsets.UTF_8)
        : new StringReader(json);
  }

  private static Predicate<String> printer(PrintStream out) {
    return answer -> {
      out.println(answer);
      return !out.checkError();
    };
  }

  private static void list(Invocation invocation, MethodCaller node, CallTarget target)
      throws MethodCallException, InterruptedException {
    if (invocation.arguments().at(1).isPresent()) {
      throw invocation
          .arguments()
          .wrong("'" + invocation.arguments().required(0) + "' names no method to send JSON to");
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("METHOD", "REQUEST", "RESPONSE", "STREAMS", "IDEMPOTENCY");
    for (MethodSummary method : node.methods(target.service())) {
      if (target.grpcService().map(each -> method.name().startsWith(each + "/")).orElse(true)) {
        rows.add(row(method));
        table.row(
            method.name(),
            method.requestType(),
            method.responseType(),
            streams(method),
            idempotency(method));
      }
    }
    invocation.print(rows, table, "'" + target.service() + "' describes no methods");
  }

  private static Map<String, @Nullable Object> row(MethodSummary method) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("method", method.name());
    row.put("request", method.requestType());
    row.put("response", method.responseType());
    row.put("client_streaming", method.clientStreaming());
    row.put("server_streaming", method.serverStreaming());
    row.put("idempotency", idempotency(method));
    return row;
  }

  private static @Nullable String streams(MethodSummary method) {
    if (method.clientStreaming()) {
      return method.serverStreaming() ? "both" : "requests";
    }
    return method.serverStreaming() ? "responses" : null;
  }

  private static @Nullable String idempotency(MethodSummary method) {
    return method.idempotency() == Idempotency.UNKNOWN
        ? null
        : method.idempotency().name().toLowerCase(Locale.ROOT);
  }
}
