package blackhole.shell.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineChecksTest {
  private static InstanceLimit limit(String service, int instance, String key, String value) {
    return new InstanceLimit(
        new InstanceId(service, instance), key, value, Optional.of("by test"), Optional.empty());
  }

  private static InstanceStatus instance(String service, int number, boolean runs, int port) {
    return new InstanceStatus(
        new InstanceId(service, number),
        runs ? InstanceState.READY : InstanceState.FAILED,
        runs ? InstanceHealth.HEALTHY : InstanceHealth.DOWN,
        "",
        runs ? OptionalLong.of(7) : OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        Path.of("/run/" + service + ".sock"),
        port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
        Optional.empty());
  }

  @Test
  void memoryIsPromisedOnce() {
    List<InstanceLimit> limits =
        List.of(
            limit("a", 1, "max_memory", "512MB"),
            limit("a", 2, "max_memory", "512MB"),
            limit("a", 2, "max_memory_buffer", "20%"),
            limit("b", 1, "max_memory", "1GB"));
    assertThat(MachineChecks.memory(limits, OptionalLong.of(2L << 30))).isEmpty();
    assertThat(MachineChecks.memory(limits, OptionalLong.empty())).isEmpty();
    assertThat(MachineChecks.memory(limits, OptionalLong.of((2L << 30) - 1)))
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("2.0 GB"));
  }

  @Test
  void moreCoresThanThereAreLimitNothing() {
    List<InstanceLimit> limits =
        List.of(
            limit("a", 1, "max_cpu", "2"),
            limit("b", 1, "max_cpu", "2.5"),
            limit("b", 2, "max_cpu", "2.5"),
            limit("c", 1, "max_memory", "8GB"));
    assertThat(MachineChecks.cores(limits, 2))
        .extracting(Finding::about, Finding::what)
        .containsExactly(tuple("b", "max_cpu is 2.5, and this machine has 2 cores"));
  }

  @Test
  void aPortIsAskedForWhereNobodyOfItsServiceHasIt() throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      int port = other.getLocalPort();
      assertThat(
              MachineChecks.ports(
                  List.of(instance("a", 1, false, port), instance("b", 1, false, 0)),
                  asked -> MachineChecks.isTaken(asked, false)))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.about()).isEqualTo("a");
                assertThat(finding.what()).contains("" + port);
              });
      // they share it
      assertThat(
              MachineChecks.ports(
                  List.of(instance("a", 1, true, port), instance("a", 2, false, port)),
                  asked -> MachineChecks.isTaken(asked, false)))
          .isEmpty();
    }
  }

  /** All of 127.0.0.0/8 are this machine's on Linux. */
  @Test
  void aPortIsAskedForWhereServicesListen() throws IOException {
    InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
    try (ServerSocket other = new ServerSocket(0, 1, elsewhere)) {
      int port = other.getLocalPort();
      assertThat(MachineChecks.isTaken(port, true)).as("at another address").isFalse();
      assertThat(MachineChecks.isTaken(port, false)).as("one of all").isTrue();
    }
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(MachineChecks.isTaken(other.getLocalPort(), true)).isTrue();
    }
  }

  @Test
  void theMachineTellsItsMemory() {
    assertThat(MachineChecks.machineBytes().orElseThrow()).isPositive();
  }
}
