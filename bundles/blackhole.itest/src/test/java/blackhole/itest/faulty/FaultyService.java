package blackhole.itest.faulty;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Does what no service should do: when it is activated, if its configuration says so, or when it is
 * asked. With no fault it is the smallest service that there can be.
 */
@Component(service = BindableService.class, configurationPid = "blackhole.itest.faulty")
public final class FaultyService extends FaultyGrpc.FaultyImplBase {
  public static final MethodDescriptor<StringValue, StringValue> COMMIT =
      FaultyGrpc.getCommitMethod();

  /** What stands under {@code custom:}. */
  public @interface Config {
    /** What to do on activation. */
    String fault() default "";

    /** A file that keeps it from doing so. */
    String unless() default "";
  }

  @Activate
  public FaultyService(Config config) throws Exception {
    boolean spared = !config.unless().isEmpty() && Files.exists(Path.of(config.unless()));
    if (!config.fault().isEmpty() && !spared) {
      Faults.commit(config.fault());
    }
  }

  @Override
  public void commit(StringValue request, StreamObserver<StringValue> answer) {
    try {
      answer.onNext(StringValue.of(Faults.commit(request.getValue())));
      answer.onCompleted();
    } catch (Exception e) {
      answer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }
}
