package blackhole.observability.trace;

import blackhole.api.observe.Span;
import blackhole.api.observe.SpanSink;
import blackhole.api.observe.Tracer;
import blackhole.api.observe.Traces;
import blackhole.api.observe.TracingSettings;
import blackhole.api.supervision.NodeWarnings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Where the spans of a node come together: those of its hosts, as they come in, and the
 * orchestrator's own. A host has no settings to stand on, and makes none of this.
 */
@Component(immediate = true)
public final class TraceComponent implements SpanSink, Traces, NodeWarnings {
  private static final String ORCHESTRATOR = "orchestrator";

  private final SpanStore store = new SpanStore();
  private final Optional<SpanExporter> exporter;
  private final ServiceRegistration<Tracer> registration;

  @Activate
  public TraceComponent(BundleContext context, @Reference TracingSettings settings) {
    exporter = settings.export().map(export -> exporter(export, settings.nodeId()));
    exporter.ifPresent(SpanExporter::start);
    Tracer tracer =
        new Tracer(own -> ended(own.stream().map(span -> span.from(ORCHESTRATOR)).toList()));
    tracer.record(settings.sampling());
    registration = context.registerService(Tracer.class, tracer, null);
  }

  private static SpanExporter exporter(TracingSettings.Export export, String nodeId) {
    SpanFormat format =
        switch (export.exporter()) {
          case OTLP -> new OtlpFormat();
          case ZIPKIN -> new ZipkinFormat();
        };
    return new SpanExporter(export.endpoint(), format, nodeId);
  }

  @Deactivate
  public void deactivate() {
    registration.unregister();
    exporter.ifPresent(SpanExporter::close);
  }

  @Override
  public void ended(List<Span> spans) {
    store.ended(spans);
    exporter.ifPresent(sender -> sender.ended(spans));
  }

  @Override
  public List<Span> trace(String traceId) {
    return store.trace(traceId);
  }

  @Override
  public List<Span> await(String traceId, String root, Duration atMost)
      throws InterruptedException {
    return store.await(traceId, root, atMost);
  }

  @Override
  public List<Span> recent(int most) {
    return store.recent(most);
  }

  @Override
  public List<Warning> warnings() {
    return exporter
        .flatMap(sender -> sender.problem().map(problem -> warning(problem, sender.lost())))
        .map(List::of)
        .orElse(List.of());
  }

  private static Warning warning(String problem, long lost) {
    return new Warning(
        "tracing",
        "spans do not arrive at the collector (" + problem + "); " + lost + " are lost",
        "look whether it runs, and at node.tracing.endpoint");
  }
}
