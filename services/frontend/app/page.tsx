export default function Home() {
  return <h1>TaskAssistant</h1>;
}
