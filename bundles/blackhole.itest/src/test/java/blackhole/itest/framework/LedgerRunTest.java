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

/** The ledger on a host of plain bundles, with SQLite and Bouncy Castle as plain bundles too. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LedgerRunTest {
  private static final String NAME = "blackhole.ledger";
  private static final int PATIENCE_SECONDS = 30;

  /** The one method that anybody may call. */
  private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> HEALTH =
      MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("blackhole.ledger.v1.Ledger/Health")
          .setRequestMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .setResponseMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .build();

  @Inject private BundleContext context;

  /** The host alone: what the ledger adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "ledger", NAME, directory -> ResolvedRun.servicesOwn("ledger"), custom);
  }

  @Test
  public void opensItsStoreAndServes() throws Exception {
    try (RunningHost host = start(Map.of("max_entry_size", 65_536L)).awaitReady()) {
      UnknownFieldSet answer =
          ClientCalls.blockingUnaryCall(
              host.channel(),
              HEALTH,
              CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
              UnknownFieldSet.getDefaultInstance());

      assertThat(answer.getField(1).getLengthDelimitedList().get(0).toStringUtf8())
          .isEqualTo("healthy");
      Path data = host.directory().resolve("data");
      assertThat(new String(answer.toByteArray(), ISO_8859_1)).contains("ledger_entries");
      assertThat(data.resolve("entries.log")).hasSize(16);
      assertThat(data.resolve("signing.key")).isNotEmptyFile();
      assertThat(data.resolve("native")).isNotEmptyDirectory();
      assertThat(host.bundle("org.xerial.sqlite-jdbc").getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(host.bundle("bcprov").getState()).isEqualTo(Bundle.ACTIVE);
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("max_entry_size", 0L))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.max_entry_size is 0");
      assertThat(host.sockets()).isEmpty();
    }
  }
}
