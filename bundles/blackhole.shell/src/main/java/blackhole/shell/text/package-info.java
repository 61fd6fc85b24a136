/** Words for people, wherever somebody types. Plain JDK: {@code launcher.jar} carries a copy. */
@NullMarked
package blackhole.shell.text;

import org.jspecify.annotations.NullMarked;
