/** The logging libraries of programs, each behind the same few methods. */
package io.meshagent.it.programs.logs;
