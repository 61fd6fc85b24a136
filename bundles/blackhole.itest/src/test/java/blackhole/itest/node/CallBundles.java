package blackhole.itest.node;

import blackhole.api.rpc.Channels;
import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.DriverGrpc.DriverBlockingStub;
import blackhole.itest.calls.v1.Kind;
import blackhole.itest.calls.v1.Report;
import blackhole.itest.calls.v1.StartRequest;
import blackhole.itest.calls.v1.StopRequest;
import blackhole.storage.v1.StorageGrpc;
import blackhole.testkit.TestNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service that is called, and a service that calls: through a node's own client path. */
final class CallBundles {
  private CallBundles() {}

  /** Both services in one bundle; which one a host runs, its name decides. */
  static Path target(Path directory) {
    return build(directory, "target", "TargetService", "shared");
  }

  /** As the target, but one process at a time may use its data. */
  static Path oneWriter(Path directory) {
    return build(directory, "target", "TargetService", "single");
  }

  static Path driver(Path directory) {
    return build(directory, "driver", "DriverService", "none");
  }

  /** A service that publishes events, and hears of them. */
  static Path bus(Path directory) {
    return build(directory, "bus", "BusService", "none");
  }

  private static Path build(Path directory, String name, String component, String data) {
    return TestBundles.build(
        directory,
        "blackhole.itest." + name,
        List.of(Channels.class, StorageGrpc.class),
        Map.of(
            "Private-Package",
            "blackhole.itest.calls, blackhole.itest.calls.v1, blackhole.storage.v1",
            "-dsannotations",
            "blackhole.itest.calls." + component,
            "Blackhole-Data",
            data));
  }

  /** The node's driver, for calls that take as long as a test may. */
  static Driver driverOf(TestNode node) {
    return new Driver(node);
  }

  /** The node's bus service, which takes the same calls. */
  static Driver busOf(TestNode node) {
    return new Driver(node, "bus");
  }

  /** Has a node's driver make calls. */
  static final class Driver {
    private final TestNode node;
    private final String service;

    Driver(TestNode node) {
      this(node, "driver");
    }

    Driver(TestNode node, String service) {
      this.node = node;
      this.service = service;
    }

    private DriverBlockingStub stub() {
      return DriverGrpc.newBlockingStub(node.channel(service))
          .withWaitForReady()
          .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    CallResponse call(CallRequest request) {
      return stub().call(request);
    }

    CallResponse call(String service, Kind kind, String argument) {
      return call(request(service, kind, argument));
    }

    long start(CallRequest call, int threads) {
      return stub()
          .start(StartRequest.newBuilder().setCall(call).setThreads(threads).build())
          .getId();
    }

    Report stop(long load) {
      return stub().stop(StopRequest.newBuilder().setId(load).build());
    }
  }

  static CallRequest request(String service, Kind kind, String argument) {
    return CallRequest.newBuilder().setService(service).setKind(kind).setArgument(argument).build();
  }
}
