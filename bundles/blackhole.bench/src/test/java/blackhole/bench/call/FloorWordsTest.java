package blackhole.bench.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloorWordsTest {
  @Test
  void tellWhatTheFloorCameToInTheSameRounds() {
    Rounds floor = rounds(90, 10, 99);
    Rounds bare = rounds(100, 10, 110);

    FloorWords why = new FloorWords("hooks that do nothing", "see the table");

    assertThat(why.words(floor, bare, Rounds::callsPerSecond))
        .isEqualTo(
            "grpc-java alone with hooks that do nothing has 0.90 in the same run; see the table");
    assertThat(floor.callsPerSecond()).containsExactly(90, 10, 99);
  }

  private static Rounds rounds(double... callsPerSecond) {
    Rounds rounds = new Rounds(callsPerSecond.length);
    for (int round = 0; round < callsPerSecond.length; round++) {
      rounds.set(round, new Load.Outcome(callsPerSecond[round], 1, 1, 1));
    }
    return rounds;
  }
}
