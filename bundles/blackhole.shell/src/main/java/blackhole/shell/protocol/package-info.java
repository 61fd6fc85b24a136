/**
 * What the command line and a running node say to each other on {@code HOME/run/shell.sock}. Plain
 * JDK: {@code launcher.jar} carries a copy, and starts nothing else to speak it.
 */
@NullMarked
package blackhole.shell.protocol;

import org.jspecify.annotations.NullMarked;
