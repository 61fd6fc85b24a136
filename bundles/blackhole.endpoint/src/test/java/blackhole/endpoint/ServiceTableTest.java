package blackhole.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceTableTest {
  private final ServiceTable table =
      new ServiceTable(Set.of("reserved.Health"), service -> service);

  @Test
  void findsMethodsOfWhatIsRegistered() {
    table.add(1, 0, echo("test.A"));
    table.add(2, 0, echo("test.B"));

    assertThat(table.names()).containsExactlyInAnyOrder("test.A", "test.B");
    assertThat(table.lookupMethod("test.A/Say")).isNotNull();
    assertThat(table.lookupMethod("test.A/Nothing")).isNull();
    assertThat(table.getServices()).hasSize(2);
  }

  @Test
  void servesTheHigherRankingAndThenTheOther() {
    ServerServiceDefinition low = echo("test.A").bindService();
    ServerServiceDefinition high = echo("test.A").bindService();
    table.add(1, 0, () -> low);
    table.add(2, 10, () -> high);
    assertThat(served()).isEqualTo(method(high));

    table.remove(2);
    assertThat(served()).isEqualTo(method(low));
  }

  @Test
  void keepsTheOlderOfEqualsAndTellsOfTheRival() {
    ServerServiceDefinition older = echo("test.A").bindService();
    try (LogCapture log = new LogCapture(ServiceTable.class.getName())) {
      table.add(7, 0, () -> older);
      assertThat(log.warnings()).isEmpty();
      table.add(8, 0, echo("test.A"));

      assertThat(log.warnings())
          .containsExactly("test.A is registered 2 times: service 7 with ranking 0 is served");
    }
    assertThat(served()).isEqualTo(method(older));
  }

  @Test
  void aLateRemovalLeavesTheSuccessor() {
    ServerServiceDefinition successor = echo("test.A").bindService();
    table.add(1, 0, echo("test.A"));
    table.add(2, 0, () -> successor);

    table.remove(1);
    table.remove(1);

    assertThat(served()).isEqualTo(method(successor));
  }

  @Test
  void doesNotGiveAwayThePlatformsNames() {
    try (LogCapture log = new LogCapture(ServiceTable.class.getName())) {
      table.add(1, 100, echo("reserved.Health"));
      assertThat(log.warnings()).singleElement().asString().contains("reserved.Health");
    }
    assertThat(table.names()).isEmpty();
  }

  @Test
  void aServiceThatCannotBeBoundHarmsNoOther() {
    table.add(1, 0, echo("test.A"));
    try (LogCapture log = new LogCapture(ServiceTable.class.getName())) {
      table.add(
          2,
          0,
          () -> {
            throw new NoClassDefFoundError("gone");
          });
      assertThat(log.warnings()).singleElement().asString().contains("cannot be served");
    }
    assertThat(table.names()).containsExactly("test.A");
  }

  @Test
  void tellsOfChangesOnly() {
    AtomicInteger changes = new AtomicInteger();
    table.onChange(changes::incrementAndGet);
    table.add(1, 0, echo("test.A"));
    table.remove(99);
    table.remove(1);
    assertThat(changes).hasValue(2);
  }

  private ServerMethodDefinition<?, ?> served() {
    return table.lookupMethod("test.A/Say");
  }

  private static ServerMethodDefinition<?, ?> method(ServerServiceDefinition service) {
    return service.getMethod("test.A/Say");
  }

  private static EchoService echo(String name) {
    return new EchoService(name, text -> text);
  }
}
