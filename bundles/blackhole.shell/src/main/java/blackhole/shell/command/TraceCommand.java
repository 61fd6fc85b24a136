package blackhole.shell.command;

import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Traces;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.MethodCall.Header;
import blackhole.api.rpc.MethodCallException;
import blackhole.api.rpc.MethodCaller;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Json;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code trace}: where a call went, and how long each part of it took. */
@Component
public final class TraceCommand implements CommandGroup {
  /** Spans that have not come by then belong to a process that is gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int RECENT = 20;

  private static final Usage USAGE =
      new Usage(
          "trace",
          List.of("[SERVICE/METHOD|TRACE-ID]", "[JSON]"),
          "calls a method, and draws where the call went with the times of all its parts",
          """
          The call is made as with 'call', and recorded whatever node.tracing.sampling says; its
          answers are not printed. With the id of a trace, as it stands in the log, that one is drawn;
          without an argument the last ones are listed. The node keeps the newest spans, about sixteen
          thousand.""",
          List.of(CallCommand.HEADER, CallCommand.TIMEOUT, Usage.JSON),
          "trace identity/Authenticate '{\"username\":\"ada\",\"password\":\"secret\"}'");

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

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable Traces traces;

  @Activate
  public TraceCommand(@Reference Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::trace, () -> CallCommand.words(directory, supervisor)));
  }

  private void trace(Invocation invocation) throws InterruptedException {
    Traces kept = traces;
    if (kept == null) {
      throw new CommandException("the node keeps no traces yet; try again in a moment");
    }
    Optional<String> what = invocation.arguments().at(0);
    if (what.isEmpty()) {
      list(invocation, kept);
    } else if (TraceContext.ofTrace(what.get()) != null) {
      print(invocation, kept.trace(what.get()));
    } else {
      call(invocation, kept, what.get());
    }
  }

  private void call(Invocation invocation, Traces kept, String what) throws InterruptedException {
    MethodCaller node = caller;
    if (node == null) {
      throw new CommandException("the node cannot call services yet; try again in a moment");
    }
    CallTarget target = CallTarget.parse(what, directory);
    if (target.method().isEmpty()) {
      throw invocation.arguments().wrong("'" + what + "' names no method");
    }
    TraceContext root = TraceContext.root(true);
    Header header = new Header(TraceContext.HEADER.name(), root.header());
    Optional<CommandException> failure = Optional.empty();
    try {
      node.call(
          CallCommand.methodCall(invocation, target, List.of(header)),
          CallCommand.requests(invocation),
          answer -> true);
    } catch (MethodCallException e) {
      failure = Optional.of(new CommandException(e.getMessage(), e.details()));
    }
    List<Span> spans = kept.await(root.traceId(), root.spanIdText(), PATIENCE);
    if (spans.isEmpty() && failure.isPresent()) {
      // it was never made
      throw failure.get();
    }
    print(invocation, spans);
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static void print(Invocation invocation, List<Span> spans) {
    if (invocation.arguments().json()) {
      invocation.out().println(Json.of(spans.stream().map(TraceCommand::row).toList()));
    } else if (spans.isEmpty()) {
      invocation.out().println("no span of this trace is here");
    } else {
      invocation.out().println("trace " + spans.get(0).traceId());
      invocation.out().print(TraceTree.draw(spans));
    }
  }

  private static void list(Invocation invocation, Traces kept) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("TIME", "TRACE", "WHERE", "NAME", "TOOK#", "ERROR");
    for (Span first : kept.recent(RECENT)) {
      rows.add(row(first));
      table.row(
          Units.time(first.start()),
          first.traceId(),
          first.origin(),
          first.name(),
          TraceTree.time(first.duration()),
          first.error());
    }
    invocation.print(rows, table, "no traces; 'trace SERVICE/METHOD' makes one");
  }

  private static Map<String, @Nullable Object> row(Span span) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("trace_id", span.traceId());
    row.put("span_id", span.id());
    row.put("parent_id", span.parentId().isEmpty() ? null : span.parentId());
    row.put("name", span.name());
    row.put("kind", span.kind().name().toLowerCase(Locale.ROOT));
    row.put("origin", span.origin());
    row.put("start", span.start().toString());
    row.put("duration_ms", span.duration().toNanos() / 1e6);
    row.put("error", span.error().isEmpty() ? null : span.error());
    row.put("attributes", span.attributes());
    return row;
  }
}
