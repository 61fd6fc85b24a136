package blackhole.itest.calls;

import blackhole.api.service.HostInfo;
import blackhole.itest.calls.v1.AppendRequest;
import blackhole.itest.calls.v1.AppendResponse;
import blackhole.itest.calls.v1.ReadRequest;
import blackhole.itest.calls.v1.ReadResponse;
import blackhole.itest.calls.v1.SpinRequest;
import blackhole.itest.calls.v1.SpinResponse;
import blackhole.itest.calls.v1.TargetGrpc;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers with who it is, and keeps what it is told to append. */
@Component(service = BindableService.class)
public final class TargetService extends TargetGrpc.TargetImplBase {
  private final HostInfo host;
  private final Path file;

  @Activate
  public TargetService(@Reference HostInfo host) {
    this.host = host;
    this.file =
        host.dataDirectory().orElseThrow().resolve("appended-" + ProcessHandle.current().pid());
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
    rest(request.getMillis());
    answer.onNext(
        ReadResponse.newBuilder().setInstance(host.instance()).setNodeId(host.nodeId()).build());
    answer.onCompleted();
  }

  @Override
  public void spin(SpinRequest request, StreamObserver<SpinResponse> answer) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end =
        threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(request.getMillis());
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
    rest(request.getRestMillis());
    answer.onNext(SpinResponse.newBuilder().setInstance(host.instance()).build());
    answer.onCompleted();
  }

  private static void rest(long millis) {
    try {
      // as long as a slow disk would
      boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void append(AppendRequest request, StreamObserver<AppendResponse> answer) {
    try {
      synchronized (this) {
        Files.writeString(
            file,
            request.getId() + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND);
      }
      answer.onNext(AppendResponse.newBuilder().setInstance(host.instance()).build());
      answer.onCompleted();
    } catch (IOException e) {
      answer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    }
  }
}
