/**
 * The commands of scope {@code bh}, one class per noun, and what they share. They know no Gogo:
 * {@code blackhole.shell.gogo} offers them there.
 */
@NullMarked
package blackhole.shell.command;

import org.jspecify.annotations.NullMarked;
