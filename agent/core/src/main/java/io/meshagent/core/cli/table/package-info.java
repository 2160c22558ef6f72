/**
 * One declared table of commands: what each takes stands in it once, and parsing, errors, help,
 * completion and the page of reference are made of that. Knows no command.
 *
 * <p>Imports: {@code core.config}.
 */
package io.meshagent.core.cli.table;
