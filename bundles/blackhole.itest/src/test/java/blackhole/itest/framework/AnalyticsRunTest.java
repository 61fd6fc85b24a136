package blackhole.itest.framework;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Analytics on a host of plain bundles, with SQLite as a plain bundle too. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AnalyticsRunTest {
  private static final String NAME = "blackhole.analytics";
  private static final int PATIENCE_SECONDS = 30;

  /** The one method that anybody may call. */
  private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> HEALTH =
      MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("blackhole.analytics.v1.Analytics/Health")
          .setRequestMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .setResponseMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .build();

  @Inject private BundleContext context;

  /** The host alone: what analytics adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "analytics", NAME, directory -> ResolvedRun.servicesOwn("analytics"), custom);
  }

  @Test
  public void opensItsStoreAndServes() throws Exception {
    try (RunningHost host = start(Map.of("save_interval", 10L)).awaitReady()) {
      UnknownFieldSet answer =
          ClientCalls.blockingUnaryCall(
              host.channel(),
              HEALTH,
              CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
              UnknownFieldSet.getDefaultInstance());

      assertThat(answer.getField(1).getLengthDelimitedList().get(0).toStringUtf8())
          .isEqualTo("healthy");
      Path data = host.directory().resolve("data");
      assertThat(new String(answer.toByteArray(), ISO_8859_1)).contains("analytics_position");
      assertThat(data.resolve("analytics.db")).isNotEmptyFile();
      assertThat(data.resolve("native")).isNotEmptyDirectory();
      assertThat(host.bundle("org.xerial.sqlite-jdbc").getState()).isEqualTo(Bundle.ACTIVE);
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("max_types", 0L))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.max_types is 0");
      assertThat(host.sockets()).isEmpty();
    }
  }
}
