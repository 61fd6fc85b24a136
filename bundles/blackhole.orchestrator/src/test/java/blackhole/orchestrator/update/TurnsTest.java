package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.supervision.SupervisionException;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns();

  @Test
  void whatWantsToBeAloneIsRefusedBesideAnythingElse() {
    turns.enter("storage is being updated");
    turns.enter("storage is being updated");
    turns.leave("storage is being updated");
    assertThatThrownBy(() -> turns.enterAlone("a reload"))
        .isInstanceOf(SupervisionException.class)
        .hasMessage("storage is being updated: try again when that is done, see: ps");

    turns.leave("storage is being updated");
    turns.enterAlone("a reload");
    assertThatThrownBy(() -> turns.enterAlone("a reload")).hasMessageStartingWith("a reload: ");
  }

  @Test
  void anUpdateWaitsForWhatIsAlone() {
    turns.enterAlone("a reload");
    assertThatCode(() -> turns.enter("storage is being updated")).doesNotThrowAnyException();
    turns.leave("a reload");
    assertThatThrownBy(() -> turns.enterAlone("a reload"))
        .hasMessageStartingWith("storage is being updated");
  }
}
