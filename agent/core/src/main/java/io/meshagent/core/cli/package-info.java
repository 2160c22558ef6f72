/** The command line of the jar. Imports bootstrap, config and attach. */
package io.meshagent.core.cli;
