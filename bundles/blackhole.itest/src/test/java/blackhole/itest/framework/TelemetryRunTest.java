package blackhole.itest.framework;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ClientCalls;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** Telemetry on a host of plain bundles, which has nothing but its own files. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class TelemetryRunTest {
  private static final String NAME = "blackhole.telemetry";
  private static final int PATIENCE_SECONDS = 30;

  /** The one method that anybody may call. */
  private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> HEALTH =
      MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("blackhole.telemetry.v1.Telemetry/Health")
          .setRequestMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .setResponseMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .build();

  @Inject private BundleContext context;

  /** The host alone: what telemetry adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "telemetry", NAME, directory -> ResolvedRun.servicesOwn("telemetry"), custom);
  }

  @Test
  public void opensItsHistoryAndServes() throws Exception {
    try (RunningHost host =
        start(Map.of("sample_interval", 500L, "retention", 60_000L)).awaitReady()) {
      UnknownFieldSet answer =
          ClientCalls.blockingUnaryCall(
              host.channel(),
              HEALTH,
              CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
              UnknownFieldSet.getDefaultInstance());

      assertThat(answer.getField(1).getLengthDelimitedList().get(0).toStringUtf8())
          .isEqualTo("healthy");
      assertThat(new String(answer.toByteArray(), ISO_8859_1)).contains("telemetry_");
      assertThat(host.directory().resolve("data")).isDirectory();
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("max_metrics", 0L))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.max_metrics is 0");
      assertThat(host.sockets()).isEmpty();
    }
  }
}
