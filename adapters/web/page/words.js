// The page's own words. The bot's language is the bot's business; these follow the reader's browser.

const WORDS = {
  en: {
    you: "You", placeholder: "Write a message", send: "Send", attach: "Attach a file", restart: "New conversation",
    close: "Close chat", online: "Online", connecting: "Connecting", reconnecting: "Reconnecting", paused: "Paused",
    sending: "Sending", waiting: "Waiting for the connection", failed: "Not sent", retry: "Try again", typing: "is typing", newMessages: "New messages",
    toEnd: "Go to the latest message", earlier: "Show earlier messages", drop: "Drop files here to attach them",
    remove: "Remove", uploading: "Uploading", today: "Today", yesterday: "Yesterday", log: "Conversation", suggestions: "Suggested answers",
    offline: "You are offline. What you write is kept and sent when the connection is back.",
    lost: "The connection was lost. Reconnecting. What you write is kept and will be sent.",
    renewed: "Your earlier conversation has ended or expired. This is a new one.",
    away: "This chat cannot be reached right now. Trying again in a moment.",
    full: "Many people are chatting right now. Trying again in a moment.",
    blocked: "This browser keeps no data for this page: a reload starts a new conversation.",
    confirmRestart: "Start a new conversation? The present one will end.",
    tooLarge: "The file is too large.", badType: "This kind of file is not accepted.", tooMany: "At most {max} files go with one message.", uploadFailed: "The file could not be uploaded.",
    sendFile: "Attach a file to answer", sendImage: "Attach a picture to answer", typeNumber: "Type a number", typeEmail: "Type an e-mail address",
    typePhone: "Type a telephone number", typeDate: "Type a date", secret: "Your answer is hidden", stale: "That question has been answered already.",
    tooFast: "You are writing faster than the bot may answer. This will be sent in a moment.", opensNew: "opens in a new window",
  },
  pt: {
    you: "Você", placeholder: "Escreva uma mensagem", send: "Enviar", attach: "Anexar um arquivo", restart: "Nova conversa",
    close: "Fechar conversa", online: "Online", connecting: "Conectando", reconnecting: "Reconectando", paused: "Em pausa",
    sending: "Enviando", waiting: "Aguardando a conexão", failed: "Não enviada", retry: "Tentar de novo", typing: "está digitando", newMessages: "Novas mensagens",
    toEnd: "Ir para a última mensagem", earlier: "Mostrar mensagens anteriores", drop: "Solte os arquivos aqui para anexar",
    remove: "Remover", uploading: "Carregando", today: "Hoje", yesterday: "Ontem", log: "Conversa", suggestions: "Respostas sugeridas",
    offline: "Você está sem conexão. O que escrever será guardado e enviado quando ela voltar.",
    lost: "A conexão caiu. Reconectando. O que você escrever será guardado e enviado.",
    renewed: "Sua conversa anterior terminou ou expirou. Esta é uma nova.",
    away: "Não foi possível alcançar este chat. Nova tentativa em instantes.",
    full: "Há muita gente conversando agora. Nova tentativa em instantes.",
    blocked: "Este navegador não guarda dados desta página: recarregar começa uma nova conversa.",
    confirmRestart: "Começar uma nova conversa? A atual será encerrada.",
    tooLarge: "O arquivo é grande demais.", badType: "Este tipo de arquivo não é aceito.", tooMany: "No máximo {max} arquivos por mensagem.", uploadFailed: "Não foi possível carregar o arquivo.",
    sendFile: "Anexe um arquivo para responder", sendImage: "Anexe uma imagem para responder", typeNumber: "Digite um número", typeEmail: "Digite um e-mail",
    typePhone: "Digite um telefone", typeDate: "Digite uma data", secret: "Sua resposta fica oculta", stale: "Essa pergunta já foi respondida.",
    tooFast: "Você está escrevendo rápido demais. Esta mensagem será enviada em instantes.", opensNew: "abre em nova janela",
  },
};

function choose(preferred, fallback) {
  const known = [...preferred, fallback].map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in WORDS);
  return known ?? "en";
}

export const language = choose(navigator.languages ?? [navigator.language], document.body.dataset.language);
export const words = WORDS[language];

const locale = (navigator.languages ?? []).find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });

export const timeOf = (date) => clock.format(date);

export function dayOf(date) {
  const midnight = (of) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
  return days === 0 ? words.today : days === 1 ? words.yesterday : calendar.format(date);
}

export function sizeOf(bytes) {
  const [amount, unit] = bytes < 1e3 ? [bytes, "byte"] : bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  const unitDisplay = unit === "byte" ? "long" : "short"; // the short form of this one knows no plural
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}
