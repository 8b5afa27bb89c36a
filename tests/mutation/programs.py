"""Runs test programs with a limit on what they use, and stops at the first that fails."""
import json
import os
import resource
import shutil
import signal
import subprocess
import threading

MEMORY_MAX = 6 << 30


def stop_at_failure(child):
    for line in child.stdout:
        if line.startswith(b"FAILED ") and child.returncode is None:
            child.failed = True
            kill(child)


def kill(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)  # also what it has started
    except ProcessLookupError:
        pass


class Programs:
    def __init__(self, root, folder, scratch):
        self.root, self.folder, self.scratch, self.usual, self.kills = root, folder, scratch, {}, {}

    def run(self, program, libraries=None, cpu_max=3600):
        """(whether it passed, the CPU seconds it took); `late` says whether it was ended for taking too long"""
        environment = {**os.environ, **program.environment}
        if libraries:
            environment["LD_LIBRARY_PATH"] = str(libraries)

        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_max) + 1, int(cpu_max) + 2))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))

        place = self.scratch / "place"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [str(self.folder / program.name),
                 *(str(self.root / a[1:]) if a.startswith("@") else a for a in program.arguments)]
        child = subprocess.Popen(words, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 preexec_fn=limit, start_new_session=True)
        child.failed = False
        # The conformance kit goes on behind a law that is broken, and says so at once.
        threading.Thread(target=stop_at_failure, args=(child,), daemon=True).start()
        try:
            # One that only waits uses no CPU; a busy machine may be slow for a while, and a server's CPU is not counted.
            passed = child.wait(timeout=30 * cpu_max + 300) == 0
            self.late = child.returncode in (-signal.SIGXCPU, -signal.SIGKILL) and not child.failed
        except subprocess.TimeoutExpired:
            passed, self.late = False, True
        kill(child)
        child.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def measure(self, programs):
        """What each takes without a change. All must pass, or what fails afterwards would say nothing. It is kept beside
        the build until the build changes."""
        kept = self.folder / "usual.json"
        known = json.loads(kept.read_text()) if kept.exists() else {}
        for program in programs:
            if program in self.usual:
                continue
            built = max(p.stat().st_mtime_ns for p in [self.folder / program.name, *self.folder.glob("*.so")])
            entry = known.get(str(program), {})
            if entry.get("built") != built:
                passed, seconds = self.run(program)
                if not passed:
                    raise SystemExit(f"failed without any change: {program}")
                entry = known[str(program)] = {"built": built, "seconds": round(seconds, 2)}
                kept.write_text(json.dumps(known, indent=1))
            self.usual[program] = entry["seconds"]
            print(f"  {self.usual[program]:6.1f} CPU s  {program}", flush=True)

    def killer(self, programs, libraries):
        """The first program that fails with these libraries, in words; None: all pass. Too long is a failure too. Those
        that have killed most for what they take come first; one that was not needed yet is measured once it is."""
        worth = lambda program: (self.kills.get(program, 0) + 1) / (self.usual[program] + 0.2)
        measured = sorted((p for p in programs if p in self.usual), key=worth, reverse=True)
        for program in [*measured, *(p for p in programs if p not in self.usual)]:
            self.measure([program])
            passed, _ = self.run(program, libraries, cpu_max=5 * self.usual[program] + 5)
            if not passed:
                self.kills[program] = self.kills.get(program, 0) + 1
                return f"{program}, which took too long" if self.late else str(program)
        return None
