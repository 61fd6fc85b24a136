/** The log files of instances, read: their last lines, in order, and what is added to them. */
@NullMarked
package blackhole.shell.log;

import org.jspecify.annotations.NullMarked;
