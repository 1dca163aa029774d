import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "@/styles/tokens.css";
import "@/styles/base.css";
import "@/styles/controls.css";
import { createPinia } from "pinia";
import { createApp } from "vue";
import { listenToTransport } from "@/api/http";
import App from "@/App.vue";
import { speak } from "@/i18n";
import { createPageRouter } from "@/router";
import { useConnection } from "@/stores/connection";
import { usePreferences } from "@/stores/preferences";
import { useSession } from "@/stores/session";

const app = createApp(App);
app.use(createPinia());

const connection = useConnection();
const session = useSession();
listenToTransport({ reached: connection.reached, unreachable: connection.unreachable, unauthorized: session.expire });

await speak(usePreferences().language);
// Without an answer the page comes up all the same: its banner says that the server is away.
await session.begin().catch(() => undefined);

app.use(createPageRouter());
app.mount("#app");
