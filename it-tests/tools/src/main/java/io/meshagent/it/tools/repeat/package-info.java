/** Repeats tests, to find the one run in fifty that fails. Imports JUnit's launcher only. */
package io.meshagent.it.tools.repeat;
