/** Lets the parent process call an object's methods by messages. */
export function serve(methods: Record<string, (...args: never[]) => unknown>): void {
  process.on("message", ({ id, method, args }: { id: number; method: string; args: never[] }) => {
    void (async () => methods[method]?.(...args))().then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}
