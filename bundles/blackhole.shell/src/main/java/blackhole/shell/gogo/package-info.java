/** Gogo, without its own shell: lines are run, commands offered, and nothing else is touched. */
@NullMarked
package blackhole.shell.gogo;

import org.jspecify.annotations.NullMarked;
