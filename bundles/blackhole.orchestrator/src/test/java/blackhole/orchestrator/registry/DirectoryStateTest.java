package blackhole.orchestrator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryStateTest {
  private final DirectoryState state = new DirectoryState();

  private static ServiceRecord record(String name, long revision) {
    return new ServiceRecord(
        name, revision, Availability.SERVING, CallPolicy.DEFAULT, Map.of(), List.of());
  }

  private void put(String name, long revision) {
    state.change(revision, name, Optional.of(record(name, revision)));
  }

  private DirectoryFeed.Delta since(long revision) {
    return state.since("now", "now", revision);
  }

  private List<String> changedSince(long revision) {
    return since(revision).services().stream().map(ServiceRecord::name).toList();
  }

  @Test
  void tellsWhatIsDifferentOnce() {
    state.replace(3, List.of(record("a", 3), record("b", 3)));
    put("c", 4);
    put("a", 5);
    put("a", 6);
    assertThat(since(3).complete()).isFalse();
    assertThat(changedSince(3)).containsExactly("a", "c");
    assertThat(changedSince(4)).containsExactly("a");
    assertThat(since(6).isEmpty()).isTrue();
    assertThat(since(3).revision()).isEqualTo(6);
  }

  @Test
  void tellsWhatIsGoneUntilItIsThereAgain() {
    put("a", 1);
    state.change(2, "a", Optional.empty());
    assertThat(since(1).removed()).containsExactly("a");
    assertThat(changedSince(1)).isEmpty();
    // again, as a registry may that forgets it after its last endpoint
    state.change(3, "a", Optional.empty());
    assertThat(since(2).removed()).containsExactly("a");
    put("a", 4);
    assertThat(since(1).removed()).isEmpty();
    assertThat(changedSince(1)).containsExactly("a");
  }

  @Test
  void givesAllToACopyOfAnotherTime() {
    put("b", 1);
    put("a", 2);
    DirectoryFeed.Delta other = state.since("now", "before", 2);
    assertThat(other.complete()).isTrue();
    assertThat(other.services()).extracting(ServiceRecord::name).containsExactly("a", "b");
    assertThat(state.since("now", "now", 3).complete()).isTrue();
  }

  @Test
  void givesAllToACopyThatMayHaveMissedARemoval() {
    put("kept", 1);
    for (int i = 0; i < 300; i++) {
      put("s" + i, 2 + 2L * i);
      state.change(3 + 2L * i, "s" + i, Optional.empty());
    }
    assertThat(since(1).complete()).isTrue();
    assertThat(since(500).removed()).hasSize(51);
  }

  @Test
  void refreshesWithoutARevision() {
    put("a", 1);
    state.refresh(record("a", 1));
    assertThat(since(1).isEmpty()).isTrue();
    assertThat(changedSince(0)).containsExactly("a");
  }
}
