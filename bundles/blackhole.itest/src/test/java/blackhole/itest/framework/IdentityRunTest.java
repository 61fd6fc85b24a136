package blackhole.itest.framework;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Identity on a host of plain bundles, with SQLite and Bouncy Castle as plain bundles too. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class IdentityRunTest {
  private static final String NAME = "blackhole.identity";
  private static final int PATIENCE_SECONDS = 30;

  /** Its messages are nobody else's: a caller without its stubs knows only field numbers. */
  private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> REGISTER =
      MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("blackhole.identity.v1.Identity/Register")
          .setRequestMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .setResponseMarshaller(ProtoLiteUtils.marshaller(UnknownFieldSet.getDefaultInstance()))
          .build();

  @Inject private BundleContext context;

  /** The host alone: what identity adds, the host installs. */
  @Configuration
  public Option[] run() {
    return ResolvedRun.withTests("host");
  }

  private RunningHost start(Map<String, Object> custom) throws Exception {
    return new RunningHost(
        context, "identity", NAME, directory -> ResolvedRun.servicesOwn("identity"), custom);
  }

  @Test
  public void registersUsersOverItsSocket() throws Exception {
    try (RunningHost host = start(Map.of("database_pool_size", 2L)).awaitReady()) {
      UnknownFieldSet answer =
          ClientCalls.blockingUnaryCall(
              host.channel(),
              REGISTER,
              CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
              UnknownFieldSet.newBuilder()
                  .addField(1, text("alice"))
                  .addField(2, text("correct horse"))
                  .build());

      assertThat(text(answer, 1)).isNotEmpty();
      assertThat(text(answer, 2)).startsWith("did:key:z6Mk");
      assertThat(host.directory().resolve("data")).isNotEmptyDirectory();
      assertThat(host.bundle("org.xerial.sqlite-jdbc").getState()).isEqualTo(Bundle.ACTIVE);
      assertThat(host.bundle("bcprov").getState()).isEqualTo(Bundle.ACTIVE);
    }
  }

  @Test
  public void saysWhichSettingKeepsItFromStarting() throws Exception {
    try (Complaints complaints = new Complaints();
        RunningHost host = start(Map.of("database_pool_size", 0L))) {
      assertThat(host.awaitExit()).isEqualTo(1);
      assertThat(complaints.next()).contains("the start failed", "custom.database_pool_size is 0");
      assertThat(host.sockets()).isEmpty();
    }
  }

  private static UnknownFieldSet.Field text(String value) {
    return UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8(value))
        .build();
  }

  private static String text(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
  }
}
